package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"faellesskab/internal/keyring"
)

const (
	// certificateKeysFile keeps the keys of development below -data, so that certificates can be checked after a restart.
	certificateKeysFile = "certificate-keys.json"
	// certificateKeysName is the setting that names the keys.
	certificateKeysName = "CERTIFICATE_KEYS"
)

// certificateKeys are the keys that sign certificates: what is configured, and otherwise development's own. Production
// has none without configuration, and says so.
func (a *App) certificateKeys(ctx context.Context) (*keyring.Ring, error) {
	switch {
	case a.cfg.CertificateKeys != "":
		return keyring.Parse(a.cfg.CertificateKeys)
	case a.cfg.IsDevelopment() && a.db.borrowed:
		return keyring.Chance(), nil
	case a.cfg.IsDevelopment():
		return a.ownCertificateKeys(ctx)
	}
	a.log.WarnContext(ctx, "CERTIFICATE_KEYS is not set: no course that gives certificates can be published, and credentials of earlier ones cannot be fetched")
	return nil, nil //nolint:nilnil // the community's word for no keys
}

// ownCertificateKeys are the keys of the last time on this folder of data, or else a new one.
func (a *App) ownCertificateKeys(ctx context.Context) (*keyring.Ring, error) {
	path := filepath.Join(a.cfg.DataDir, certificateKeysFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		var made string
		if made, err = keyring.Renew(""); err != nil {
			return nil, err
		}
		text = []byte(made)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			a.log.WarnContext(ctx, "credentials of certificates cannot be checked after a restart", "error", err)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the keys of certificates: %w", err)
	}
	r, err := keyring.Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// certificateKey prints the value of CERTIFICATE_KEYS with a new key in front of those that it has now.
func certificateKey(args, environ []string, stdout io.Writer) error {
	if len(args) > 0 {
		return errors.New("certificate-key takes no arguments: it reads CERTIFICATE_KEYS, and prints the same with a new key in front")
	}
	earlier := ""
	for _, pair := range environ {
		if name, value, _ := strings.Cut(pair, "="); name == certificateKeysName {
			earlier = strings.TrimSpace(value)
		}
	}
	text, err := keyring.Renew(earlier)
	if err != nil {
		return fmt.Errorf("CERTIFICATE_KEYS: %w", err)
	}
	_, err = fmt.Fprintln(stdout, text)
	return err
}
