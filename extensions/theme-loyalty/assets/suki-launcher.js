/* Made from extensions/theme-scripts by scripts/theme_assets.mjs. */
(()=>{})();
