// A reward of which any amount can be taken.

/** Whether as many points can be spent. @param {number} points @param {import('../api').Slider} slider */
export const isOnSlider = (points, {least, most, step}) =>
  Number.isInteger(points) && points >= least && points <= most && points % step === 0;
