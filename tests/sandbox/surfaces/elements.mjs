// Every element of each surface with the names of its properties and events, as Shopify's own types have them: JSON.
import {readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import ts from 'typescript';

const types = join(dirname(createRequire(import.meta.url).resolve('@shopify/ui-extensions')), 'build/ts/surfaces');
const ALL = {checkout: 'checkout', account: 'customer-account', admin: 'admin', till: 'point-of-sale'};
const NOT_OURS = new Set(['key', 'ref', 'children', 'slot']);

function elements(folder) {
  const directory = join(types, folder, 'components');
  const files = readdirSync(directory).filter((name) => name.endsWith('.d.ts') && !/Components|shared|components/.test(name)).map((name) => join(directory, name));
  const program = ts.createProgram(files, {skipLibCheck: true, types: [], lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'], module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler});
  const checker = program.getTypeChecker();
  const found = {};
  const visit = (node, source) => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === 'IntrinsicElements') {
      const tag = /tagName = ['"](s-[\w-]+)['"]|\[['"](s-[\w-]+)['"]\]/.exec(source.text).slice(1).find(Boolean);
      const names = node.members.flatMap((member) => checker.getPropertiesOfType(checker.getTypeAtLocation(member)).map(({name}) => name));
      found[tag] = [...new Set(names)].filter((name) => !NOT_OURS.has(name) && !name.startsWith('aria')).sort();
    }
    ts.forEachChild(node, (child) => visit(child, source));
  };
  for (const file of files) visit(program.getSourceFile(file), program.getSourceFile(file));
  return found;
}

console.log(JSON.stringify(Object.fromEntries(Object.entries(ALL).map(([name, folder]) => [name, elements(folder)]))));
