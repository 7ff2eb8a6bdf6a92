package desk

import "testing"

func TestALeadOfACustomersNameMayBeThatCustomer(t *testing.T) {
	s := openShop(t)
	sam := s.member("Sam", Sales)
	acme := s.customer("Acme Foods")
	s.customer("Acme Foods and Drinks")
	for _, f := range []Fields{{"name": "Bo", "company": "acme  foods", "phone": "+44 20 7946 0999"}, {"name": "Acme Foods", "phone": "+44 20 7946 0998"}} {
		like, err := s.CustomersLike(s.ctx, sam, s.adds(sam, f))
		s.must(err)
		if len(like) != 1 || like[0].CustomerID != acme.ID {
			t.Errorf("%v is like %+v", f, like)
		}
	}
}
