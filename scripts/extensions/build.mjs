// Writes each UI extension's bundles to extensions/<name>/dist/, for the sandbox. Shopify's CLI bundles by itself.
// Where SUKI_DIST names another folder, to <name>/ in there.
// usage: [SUKI_APP_URL=https://…] node scripts/extensions/build.mjs [name…]
import {mkdirSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {bundles} from './bundle.mjs';
import {APP_URL} from '../../extensions/shared/address.js';
import {uiExtensions} from './read.mjs';

const appUrl = process.env.SUKI_APP_URL || APP_URL;

/** Written beside it and moved, so that who reads while another builds never sees half a file. @param {string} file @param {string | Uint8Array} contents */
function put(file, contents) {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, contents);
  renameSync(fresh, file);
}

await Promise.all(uiExtensions(process.argv.slice(2)).map(async (extension) => {
  const dist = process.env.SUKI_DIST ? join(process.env.SUKI_DIST, extension.name) : join(extension.directory, 'dist');
  const built = await bundles(extension, appUrl);
  mkdirSync(dist, {recursive: true});
  for (const {file, contents} of built) put(join(dist, file), contents);
  const files = built.map(({file, targets, contents}) => ({file, targets, bytes: contents.length}));
  put(join(dist, 'built.json'), JSON.stringify({handle: extension.handle, app_url: appUrl, files}, null, 2));
  console.log(`${extension.name}: ${files.map(({file, bytes}) => `${file} ${bytes}`).join(', ')}`);
}));
