import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import {i18nOf} from '../../shared/testing.js';
import templates from '../src/segments.js';

const FOLDER = join(import.meta.dirname, '..');

test.each(['en', 'fil'])('every segment has its texts in %s, and inserts what it shows', async (language) => {
  vi.stubGlobal('shopify', {i18n: {translate: i18nOf(FOLDER, language).translate}});
  const {templates: offered} = await templates();
  expect(offered.map(({query}) => query)).toEqual([
    'metafields.$app.balance > 0', 'metafields.$app.balance >= 500', 'metafields.$app.balance > 0 AND last_order_date <= -60d',
    'metafields.$app.balance > 0 AND number_of_orders = 1',
  ]);
  expect(new Set(offered.map(({title}) => title)).size).toBe(offered.length);
  expect(offered.every(({query, queryToInsert, description}) => query === queryToInsert && description)).toBe(true);
});

test('what they filter by is a metafield of the app that the admin can filter', () => {
  const toml = readFileSync(join(FOLDER, '..', '..', 'shopify.app.toml'), 'utf8');
  const [, balance] = toml.split('[customer.metafields.app.balance]');
  expect(balance.split('\n[')[0]).toMatch(/^capabilities\.admin_filterable = true$/m);
});
