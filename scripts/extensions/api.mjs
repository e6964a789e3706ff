// Reads an OpenAPI document and writes its types: node scripts/extensions/api.mjs < document > types
import {readFileSync} from 'node:fs';
import openapiTS, {astToString} from 'openapi-typescript';

const tree = await openapiTS(JSON.parse(readFileSync(0, 'utf8')), {
  rootTypes: true, rootTypesNoSchemaPrefix: true, defaultNonNullable: false, alphabetize: true,
});
process.stdout.write(`// Written by scripts/extension_api.py from the description of the shopper API.\n${astToString(tree)}`);
