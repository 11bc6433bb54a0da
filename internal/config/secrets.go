package config

// Secrets are the secrets of SECRET_KEYS, the present one first; none if it is not set.
func (c Config) Secrets() []string { return entries(c.SecretKeys) }
