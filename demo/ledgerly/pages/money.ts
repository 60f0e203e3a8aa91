/** Cents as people read them: `€1,240.50`. */
export const moneyOf = (cents: number, currency: string) => (cents / 100).toLocaleString("en-GB", { style: "currency", currency });
