// `shopify.i18n`: an extension's own texts, with plurals, and numbers, money and dates as the reader's language has them.

/** The language of the texts: the reader's, without its region, the shop's, or the default. */
export function chosen(locales, locale, shopLocale) {
  const wanted = [locale, locale.split('-')[0], shopLocale, shopLocale.split('-')[0]];
  const found = wanted.find((one) => locales[one]);
  if (found) return found;
  return Object.keys(locales).find((one) => one !== 'default' && locales[one] === locales.default)
    || Object.keys(locales).find((one) => one !== 'default' && JSON.stringify(locales[one]) === JSON.stringify(locales.default)) || 'en';
}

const known = (locale) => { try { return Intl.getCanonicalLocales(locale)[0]; } catch { return 'en'; } };

export function i18n({ locales, locale, shopLocale, currency }, missing = () => {}) {
  const own = chosen(locales, locale, shopLocale);
  const texts = locales[own] || {};
  const language = (options) => known(options?.inExtensionLocale ? own : locale);
  const plain = ({ inExtensionLocale, ...options } = {}) => options;

  function find(key, count, from) {
    let found = key.split('.').reduce((place, step) => place?.[step], from);
    if (found && typeof found === 'object') {
      const category = new Intl.PluralRules(known(own)).select(Number(count ?? 0));
      found = found[category] ?? found.other;
    }
    return typeof found === 'string' ? found : undefined;
  }

  function translate(key, values = {}) {
    const text = find(key, values.count, texts) ?? find(key, values.count, locales.default || {});
    if (text === undefined) { missing(key); return key; }
    const parts = text.split(/\{\{\s*(\w+)\s*\}\}/).map((part, place) => (place % 2 ? values[part] ?? `{{${part}}}` : part));
    const things = parts.some((part) => part !== null && typeof part === 'object');
    return things ? parts.filter((part) => part !== '') : parts.join('');
  }

  return {
    translate,
    formatNumber: (number, options) => new Intl.NumberFormat(language(options), plain(options)).format(number),
    formatCurrency: (number, options) => new Intl.NumberFormat(language(options), { style: 'currency', currency, ...plain(options) }).format(number),
    formatDate: (date, options) => new Intl.DateTimeFormat(language(options), plain(options)).format(date),
  };
}
