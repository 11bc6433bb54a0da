package auth

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// devKeyBits is as long as the keys that Google signs with.
const devKeyBits = 2048

// NewDevKey makes a key for a DevIssuer.
func NewDevKey() (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, devKeyBits)
	if err != nil {
		return nil, fmt.Errorf("make a development key: %w", err)
	}
	return key, nil
}

// ReadDevKey reads a key that WriteDevKey has written. Returns fs.ErrNotExist if there is no file.
func ReadDevKey(path string) (*rsa.PrivateKey, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the development key: %w", err)
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, errNotAKey(path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errNotAKey(path)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok || key.N.BitLen() < devKeyBits { // with a shorter one nothing can be signed
		return nil, errNotAKey(path)
	}
	return key, nil
}

func errNotAKey(path string) error {
	return errors.New(path + " holds no key to sign development tokens with: remove it, and another is made")
}

// WriteDevKey keeps a key in a file that only its owner can read. Another process never sees half
// of it.
func WriteDevKey(path string, key *rsa.PrivateKey) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("keep the development key: %w", err)
		}
	}()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // with the mode 0600
	if err != nil {
		return err
	}
	err = errors.Join(pem.Encode(file, &pem.Block{Type: "PRIVATE KEY", Bytes: der}), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
