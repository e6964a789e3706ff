// What came of the last thing that staff did here.

/** @param {{acting: import('../../shared/surface/acting.js').Acting}} said */
export function Said({acting}) {
  const outcome = acting.outcome.value;
  if (!outcome?.text) return null;
  return <s-banner tone={outcome.tone} heading={outcome.text} dismissible onDismiss={() => (acting.outcome.value = null)} />;
}
