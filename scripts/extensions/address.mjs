// Writes where the app is, for the extensions: from SUKI_APP_URL, else from shopify.app.toml.
// usage: node scripts/extensions/address.mjs [check]
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {FOLDER, ROOT} from './read.mjs';

const file = join(FOLDER, 'shared', 'address.js');
const app = readFileSync(join(ROOT, 'shopify.app.toml'), 'utf8');
const named = process.env.SUKI_APP_URL || app.match(/^application_url\s*=\s*"(.+?)"/m)?.[1];
if (!named) throw new Error('shopify.app.toml has no application_url');
const url = new URL(named).origin;
const contents = `/** Where the app is. Written by \`npm run extensions:address\` from shopify.app.toml, before a deploy. */\nexport const APP_URL = '${url}';\n`;

if (process.argv[2] === 'check') {
  if (readFileSync(file, 'utf8') !== contents) {
    console.error('extensions/shared/address.js is not what shopify.app.toml says: run `npm run extensions:address`');
    process.exit(1);
  }
} else {
  writeFileSync(file, contents);
  console.log(`extensions/shared/address.js: ${url}`);
}
