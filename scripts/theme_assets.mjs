// usage: node scripts/theme_assets.mjs write|check
// Makes the scripts of the theme extension from extensions/theme-scripts: Shopify takes no folders but its own in a theme
// extension, and deploys what it finds in assets. `check` says whether they are what would be written.
import {readFile, writeFile} from 'node:fs/promises';
import {build} from 'esbuild';

const FROM = 'extensions/theme-scripts/src';
const TO = 'extensions/theme-loyalty/assets';
const SCRIPTS = {'points.js': 'suki-points.js', 'launcher.js': 'suki-launcher.js'};
const NOTE = '/* Made from extensions/theme-scripts by scripts/theme_assets.mjs. */';

async function made(source) {
  const {outputFiles} = await build({
    entryPoints: [`${FROM}/${source}`], bundle: true, minify: true, format: 'iife', target: 'es2022', write: false,
    banner: {js: NOTE}, charset: 'utf8', legalComments: 'none',
  });
  return outputFiles[0].text;
}

const [, , what] = process.argv;
let wrong = 0;
for (const [source, name] of Object.entries(SCRIPTS)) {
  const text = await made(source);
  const path = `${TO}/${name}`;
  if (what === 'write') await writeFile(path, text);
  else if ((await readFile(path, 'utf8').catch(() => '')) !== text) wrong += console.log(`${path} is not up to date: node scripts/theme_assets.mjs write`) ?? 1;
}
process.exit(wrong ? 1 : 0);
