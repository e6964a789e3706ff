/** An extension's own texts as a surface says them, for tests. */
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const PLACE = /\{\{(\w+)\}\}/g;

/**
 * A surface's `translate` by the extension's own locale files. Throws for a text or a value that is not there.
 * @param {string} folder of the extension
 * @param {string} language
 */
export function translator(folder, language) {
  const named = join(folder, 'locales', `${language}.json`);
  const texts = JSON.parse(readFileSync(existsSync(named) ? named : join(folder, 'locales', `${language}.default.json`), 'utf8'));
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (/** @type {string} */ key, /** @type {Record<string, any>} */ values = {}) => {
    const found = key.split('.').reduce((node, part) => node?.[part], texts);
    const text = typeof found === 'object' ? found[rules.select(Number(values.count))] : found;
    if (typeof text !== 'string') throw new Error(`${language} has no text ${key}`);
    if (typeof found === 'object' && typeof values.count !== 'number') throw new Error(`${key} is asked for without a count`);
    return text.replace(PLACE, (_, /** @type {string} */ name) => {
      if (values[name] === undefined || values[name] === null) throw new Error(`${key} is asked for without ${name}`);
      return typeof values[name] === 'number' ? numbers.format(values[name]) : String(values[name]);
    });
  };
}

/**
 * The surface's texts, numbers, money and days in one language, each as the surfaces give them.
 * @param {string} folder of the extension
 * @param {string} language
 */
export const i18nOf = (folder, language) => ({
  translate: /** @type {any} */ (translator(folder, language)),
  formatNumber: (/** @type {number | bigint} */ number, /** @type {any} */ options) =>
    new Intl.NumberFormat(language, options).format(number),
  formatCurrency: (/** @type {number | bigint} */ number, /** @type {any} */ options) =>
    new Intl.NumberFormat(language, {style: 'currency', ...options}).format(number),
  formatDate: (/** @type {Date} */ date, /** @type {any} */ options) => new Intl.DateTimeFormat(language, options).format(date),
});
