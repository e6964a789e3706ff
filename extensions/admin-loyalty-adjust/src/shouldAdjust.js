/** Points are given to one customer at a time. */
export default async () => ({display: shopify.data.selected.length === 1});
