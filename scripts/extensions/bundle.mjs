// One bundle for each UI extension, made the way Shopify's CLI makes it: all targets in one file.
import {dirname, join, relative} from 'node:path';
import {build} from 'esbuild';
import {ROOT} from './read.mjs';

const ADDRESS = join(ROOT, 'extensions', 'shared', 'address.js');

/**
 * The bundles of one extension: its targets, and where some have conditions, those as a second one.
 * @param {import('./read.mjs').Extension} extension
 * @param {string | undefined} appUrl stands in for the address that is in extensions/shared/address.js
 */
export async function bundles(extension, appUrl = process.env.SUKI_APP_URL) {
  const {handle, targets} = extension;
  const shown = targets.map(({target, module}) => ({target, module}));
  const asked = targets.flatMap(({target, condition}) =>
    condition ? [{target: target.replace(/\.render$/, '.should-render'), module: condition}] : []);
  return Promise.all([
    {file: `${handle}.js`, modules: shown},
    ...(asked.length ? [{file: `${handle}-should-render.js`, modules: asked}] : []),
  ].map(async ({file, modules}) => ({
    file,
    targets: modules.map(({target}) => target),
    ...(await bundle(extension.directory, modules, appUrl)),
  })));
}

/**
 * @param {string} directory
 * @param {{target: string, module: string}[]} modules
 * @param {string | undefined} appUrl
 */
async function bundle(directory, modules, appUrl) {
  const entry = modules.map(({target, module}, n) =>
    `import T${n} from './${relative(directory, module)}';shopify.extend('${target}', (...a) => T${n}(...a));`);
  const {outputFiles, metafile} = await build({
    stdin: {contents: entry.join('\n'), resolveDir: directory, loader: 'tsx', sourcefile: 'targets.tsx'},
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    target: 'es6',
    legalComments: 'none',
    define: {'process.env.NODE_ENV': '"production"'},
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: {'.js': 'jsx', '.esnext': 'ts'},
    resolveExtensions: ['.tsx', '.ts', '.js', '.json', '.esnext', '.mjs'],
    plugins: appUrl ? [otherAddress(appUrl)] : [],
  });
  const biggest = Object.entries(Object.values(metafile.outputs)[0].inputs)
    .map(([path, {bytesInOutput}]) => ({path, bytes: bytesInOutput}))
    .sort((a, b) => b.bytes - a.bytes);
  return {contents: outputFiles[0].contents, biggest};
}

/** @param {string} appUrl @returns {import('esbuild').Plugin} */
const otherAddress = (appUrl) => ({
  name: 'other-address',
  setup({onLoad}) {
    onLoad({filter: /[\\/]address\.js$/}, ({path}) =>
      path === ADDRESS ? {contents: `export const APP_URL = ${JSON.stringify(appUrl)};`, resolveDir: dirname(path)} : undefined);
  },
});
