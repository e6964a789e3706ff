// Every entry with its reasons, a page at a time, and all of them as a file.
import {useSignal} from '@preact/signals';
import {Asked} from '../../shared/account/Asked.jsx';
import {Said} from '../../shared/account/Said.jsx';
import {useActing} from '../../shared/surface/acting.js';
import {t} from '../../shared/surface/words.js';

/** @param {import('./Tabs.jsx').Inside} inside */
export function History({talk, parts}) {
  const pages = useSignal(['/entries']);
  const last = pages.value[pages.value.length - 1];
  return (
    <s-stack gap="large">
      <s-section heading={t('history.title')}>
        <s-stack gap="base">
          {pages.value.map((path) => (
            <EntriesPage
              key={path}
              path={path}
              parts={parts}
              more={path === last ? (before) => (pages.value = [...pages.value, `/entries?before=${before}`]) : null}
            />
          ))}
        </s-stack>
      </s-section>
      <Download talk={talk} parts={parts} />
    </s-stack>
  );
}

/**
 * @param {{path: string, parts: import('../../shared/surface/parts.js').Parts, more: ((before: number) => void) | null}} page
 */
function EntriesPage({path, parts, more}) {
  return (
    <Asked part={parts.part(path)} again={() => parts.again(path)}>
      {(/** @type {import('../../shared/api').Entries} */ {entries, before}) => (
        <s-stack gap="base">
          {entries.length === 0 && <s-text>{t('history.none')}</s-text>}
          {entries.map((entry) => <Entry key={entry.id} entry={entry} />)}
          {before !== null && more && <s-button variant="secondary" onClick={() => more(before)}>{t('page.earlier')}</s-button>}
        </s-stack>
      )}
    </Asked>
  );
}

/** @param {{entry: import('../../shared/api').Entry}} shown */
function Entry({entry}) {
  return (
    <s-stack gap="small-300">
      <s-grid gridTemplateColumns="1fr auto" gap="base">
        <s-text type="strong">{entry.headline}</s-text>
        <s-text type="strong">{entry.points.text}</s-text>
      </s-grid>
      <s-text color="subdued">{entry.on.text}</s-text>
      {entry.reasons.length > 0 && (
        <s-details>
          <s-summary>{t('history.why')}</s-summary>
          <s-unordered-list>
            {entry.reasons.map((reason) => <s-list-item key={reason}>{reason}</s-list-item>)}
          </s-unordered-list>
        </s-details>
      )}
      <s-divider />
    </s-stack>
  );
}

/**
 * The file is made by the app, and its link lives for minutes: so it is asked for, and then opened.
 * @param {import('../../shared/surface/parts.js').Told} told
 */
function Download({talk, parts}) {
  const acting = useActing({talk, parts});
  const link = useSignal('');

  async function prepare() {
    const answer = await acting.act('download', '/history-link', {}, []);
    if (answer) link.value = answer.url;
  }

  return (
    <s-section heading={t('history.file')}>
      <s-stack gap="base">
        <Said acting={acting} />
        {link.value ? (
          <>
            <s-text>{t('history.ready')}</s-text>
            <s-button variant="secondary" href={link.value} target="_blank">{t('history.open')}</s-button>
          </>
        ) : (
          <s-button variant="secondary" loading={acting.busy.value === 'download'} onClick={() => void prepare()}>
            {t('history.prepare')}
          </s-button>
        )}
      </s-stack>
    </s-section>
  );
}
