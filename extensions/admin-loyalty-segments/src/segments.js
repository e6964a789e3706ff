// Customer segments by points, as Shopify's segment editor offers them. What they filter by is the app's own metafield
// of shopify.app.toml, which its definition lets the admin filter.

const BALANCE = 'metafields.$app.balance';
/** When the templates came: Shopify marks those of the last month as new. */
const SINCE = '2026-11-30';

/** Each by its texts, with the number that they say. */
export const SEGMENTS = [
  {key: 'some', query: `${BALANCE} > 0`},
  {key: 'many', query: `${BALANCE} >= 500`},
  {key: 'resting', query: `${BALANCE} > 0 AND last_order_date <= -60d`},
  {key: 'new', query: `${BALANCE} > 0 AND number_of_orders = 1`},
];

export default async () => ({
  templates: SEGMENTS.map(({key, query}) => ({
    title: String(shopify.i18n.translate(`segments.${key}.title`)),
    description: String(shopify.i18n.translate(`segments.${key}.about`)),
    query,
    queryToInsert: query,
    createdOn: SINCE,
  })),
});
