// Writes each UI extension's shopify.d.ts, as Shopify's CLI would (which `shopify` each module sees), and checks the
// types of its sources strictly. One process for all: the libraries are read once.
// usage: node scripts/extensions/types.mjs [write] [name…]
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import ts from 'typescript';
import {FOLDER, ROOT, reached, uiExtensions} from './read.mjs';

const onlyWrite = process.argv[2] === 'write';
const names = process.argv.slice(onlyWrite ? 3 : 2);

/** @param {import('./read.mjs').Extension} extension */
function declared({directory, targets}) {
  /** @type {Map<string, Set<string>>} */
  const users = new Map();
  const note = (/** @type {string} */ entry, /** @type {string} */ target) => {
    for (const file of reached(entry).filter((path) => /\.jsx?$/.test(path))) {
      users.set(file, (users.get(file) ?? new Set()).add(target));
    }
  };
  for (const {target, module, condition} of targets) {
    note(module, target);
    if (condition) note(condition, target.replace(/\.render$/, '.should-render'));
  }
  return ["import '@shopify/ui-extensions';", '', ...[...users].sort().flatMap(([file, of]) => {
    const path = relative(directory, file);
    const api = [...of].sort().map((target) => `import('@shopify/ui-extensions/${target}').Api`).join(' | ');
    return ['//@ts-ignore', `declare module '${path.startsWith('.') ? path : `./${path}`}' {`,
      `  const shopify: ${api};`, '  const globalThis: { shopify: typeof shopify };', '}', ''];
  })].join('\n');
}

/** @type {Map<string, ts.SourceFile | undefined>} */
const parsed = new Map();

/** @param {string} folder with a tsconfig.json */
function wrongIn(folder) {
  const path = join(folder, 'tsconfig.json');
  const {options, fileNames, errors} = ts.parseJsonConfigFileContent(ts.readConfigFile(path, ts.sys.readFile).config, ts.sys, folder);
  const host = ts.createCompilerHost(options);
  const get = host.getSourceFile.bind(host);
  // What belongs to no extension is parsed once for all programs with the same options, as an editor does it.
  const like = JSON.stringify({...options, configFilePath: undefined});
  host.getSourceFile = (name, version, ...rest) => {
    if (!/[\\/]node_modules[\\/]/.test(name)) return get(name, version, ...rest);
    const key = `${name} ${like}`;
    if (!parsed.has(key)) parsed.set(key, get(name, version, ...rest));
    return parsed.get(key);
  };
  const program = ts.createProgram(fileNames, options, host);
  return {files: fileNames.length, wrong: [...errors, ...ts.getPreEmitDiagnostics(program)]};
}

const written = uiExtensions(names);
for (const extension of written) {
  const file = join(extension.directory, 'shopify.d.ts');
  const text = declared(extension);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
const folders = onlyWrite ? [] : [...(names.length ? [] : [join(FOLDER, 'shared'), join(ROOT, 'scripts', 'extensions')]),
  ...written.map(({directory}) => directory)];
for (const folder of folders) {
  const {files, wrong} = wrongIn(folder);
  console.log(`${relative(ROOT, folder)}: ${files} files, ${wrong.length} wrong`);
  if (!wrong.length) continue;
  process.exitCode = 1;
  console.error(ts.formatDiagnostics(wrong, {
    getCanonicalFileName: (name) => name, getCurrentDirectory: () => ROOT, getNewLine: () => '\n',
  }));
}
