package booking

// MaxPromotions is how many seats one run gives out.
const MaxPromotions = maxPromotions
