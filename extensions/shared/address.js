/** Where the app is. Written by `npm run extensions:address` from shopify.app.toml, before a deploy. */
export const APP_URL = 'https://loyalty.example.com';
