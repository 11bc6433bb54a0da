package area

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
)

//go:embed areas.csv
var areasCSV []byte

// Load adds the local areas of the municipality that are missing, and returns all of them in the
// order of the list.
func (s *Service) Load(ctx context.Context) ([]*Area, error) {
	rows, err := csv.NewReader(bytes.NewReader(areasCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the list of areas: %w", err)
	}
	list := make([]*Area, 0, len(rows))
	for _, row := range rows[1:] {
		a, err := s.Ensure(ctx, row[0], row[1], row[2])
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}
