// How near something is: a bar, and the same in words.

/** @param {{aim: import('../api').Aim, label: string}} meter */
export function Meter({aim, label}) {
  return (
    <s-stack gap="small-200">
      <s-progress value={aim.share} max={100} accessibilityLabel={label} />
      <s-text>{aim.text}</s-text>
    </s-stack>
  );
}
