package desk

import (
	"context"
	"fmt"

	"callout/store"
)

// importSites finds and makes the sites that rows name.
type importSites struct {
	run    *importRun
	byText map[siteKey]int64
	byID   map[int64]store.Site
	wanted []store.CopySitesParams
}

type siteKey struct {
	customer int64
	text     string // folded
}

// look reads the sites of customers.
func (s *importSites) look(ctx context.Context, customers []int64) error {
	s.byText, s.byID = map[siteKey]int64{}, map[int64]store.Site{}
	sites, err := s.run.q.ListSitesOf(ctx, customers)
	if err != nil {
		return fmt.Errorf("find sites: %w", err)
	}
	for _, site := range sites {
		s.byID[site.ID] = site
		for _, text := range []string{site.Name, site.Address} {
			key := siteKey{site.CustomerID, Fold(text)}
			if _, there := s.byText[key]; !there {
				s.byText[key] = site.ID
			}
		}
	}
	return nil
}

// of finds a site of a customer by its name or address.
func (s *importSites) of(customer int64, text string) (int64, bool) {
	id, there := s.byText[siteKey{customer, Fold(text)}]
	return id, there && text != ""
}

// need remembers a site to be made, unless it is there.
func (s *importSites) need(customer int64, text string) {
	key := siteKey{customer, Fold(text)}
	if _, there := s.byText[key]; there {
		return
	}
	s.byText[key] = 0
	s.wanted = append(s.wanted, store.CopySitesParams{CustomerID: customer, Name: text, Address: text, CreatedAt: s.run.Now()})
}

// write makes the sites that are needed.
func (s *importSites) write(ctx context.Context) error {
	ids, err := s.run.reserveIDs(ctx, "site", len(s.wanted))
	if err != nil {
		return err
	}
	for i, id := range ids {
		s.wanted[i].ID = id
		s.byText[siteKey{s.wanted[i].CustomerID, Fold(s.wanted[i].Name)}] = id
	}
	if _, err := s.run.q.CopySites(ctx, s.wanted); err != nil {
		return fmt.Errorf("write sites: %w", err)
	}
	s.wanted = nil
	return nil
}
