// Each UI extension's bundles, compressed, against what we allow ourselves of Shopify's 64 KB.
// usage: node scripts/extensions/size.mjs [--json] [name…]
import {gzipSync} from 'node:zlib';
import {bundles} from './bundle.mjs';
import {uiExtensions} from './read.mjs';

export const MOST_BYTES = 24 * 1024;

const asJson = process.argv.includes('--json');
const names = process.argv.slice(2).filter((name) => name !== '--json');
const sizes = await Promise.all(uiExtensions(names).map(async (extension) => {
  const built = await bundles(extension);
  const files = built.map(({file, contents, biggest}) => ({
    file, bytes: contents.length, compressed: gzipSync(contents, {level: 9}).length, biggest: biggest.slice(0, 5),
  }));
  return {name: extension.name, most: MOST_BYTES, compressed: files.reduce((sum, each) => sum + each.compressed, 0), files};
}));
if (asJson) console.log(JSON.stringify(sizes));
for (const {name, compressed, most, files} of sizes) {
  if (!asJson) console.log(`${name}: ${compressed} of ${most} bytes compressed`);
  if (compressed <= most) continue;
  process.exitCode = 1;
  for (const {biggest} of files) console.error(biggest.map(({path, bytes}) => `  ${bytes} ${path}`).join('\n'));
}
