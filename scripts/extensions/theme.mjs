// Shopify's own theme check over the theme app extensions, and the weight of their scripts.
// usage: node scripts/extensions/theme.mjs
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {basename, join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {themeCheckRun} from '@shopify/theme-check-node';
import {themeExtensions} from './read.mjs';

export const MOST_SCRIPT_BYTES = 10 * 1024;

for (const {name, directory} of themeExtensions(process.argv.slice(2))) {
  const {offenses} = await themeCheckRun(directory, join(directory, '.theme-check.yml'), () => {});
  for (const {uri, start, check, message} of offenses) {
    console.error(`${uri.split('/').slice(-2).join('/')}:${start.line + 1}: ${check}: ${message}`);
  }
  const assets = join(directory, 'assets');
  const scripts = existsSync(assets) ? readdirSync(assets).filter((file) => file.endsWith('.js')) : [];
  const bytes = scripts.map((file) => gzipSync(readFileSync(join(assets, file)), {level: 9}).length);
  const sum = bytes.reduce((all, each) => all + each, 0);
  console.log(`${name}: ${offenses.length} offences; scripts ${sum} of ${MOST_SCRIPT_BYTES} bytes compressed (${scripts.map((file, n) => `${basename(file)} ${bytes[n]}`).join(', ')})`);
  if (offenses.length || sum > MOST_SCRIPT_BYTES) process.exitCode = 1;
}
