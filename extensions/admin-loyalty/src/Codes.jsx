// Codes that the member can use now, to tell them or to take back.
import {t} from '../../shared/surface/words.js';

/** @param {import('./CustomerBlock.jsx').InAdmin} all */
export function Codes({path, view, acting}) {
  const ready = view.held.filter(({code, state}) => code && state === 'ready');
  if (ready.length === 0) return null;
  return (
    <s-section heading={t('codes.heading')}>
      <s-stack gap="base">
        {ready.map((held) => (
          <s-stack key={held.id} direction="inline" gap="base" alignItems="center">
            <s-text>{t('codes.one', {name: held.title, code: held.code ?? ''})}</s-text>
            {view.may_return && held.releasable && (
              <s-button
                tone="critical"
                loading={acting.busy.value === `back-${held.id}`}
                accessibilityLabel={t('codes.return_named', {name: held.title})}
                onClick={() => void acting.act(`back-${held.id}`, `${path}/held/${held.id}/release`, {}, [path])}
              >
                {t('codes.return', {points: held.points.text})}
              </s-button>
            )}
          </s-stack>
        ))}
      </s-stack>
    </s-section>
  );
}
