// Opens a report as a reader does: filters it, prints it, and asks axe about accessibility.
// Usage: node page.cjs MODULES PAGE
const { createRequire } = require('node:module');
const [, , modules, page] = process.argv;
const load = createRequire(`${modules}/`);
const puppeteer = load('puppeteer-core');

(async () => {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const tab = await browser.newPage();
    const requests = [];
    tab.on('request', (request) => requests.push(request.url()));
    // axe is added by the test; the page itself may load nothing.
    await tab.setBypassCSP(true);
    await tab.goto(`file://${page}`);
    const loaded = requests.filter((url) => url !== `file://${page}`);
    const shown = () => tab.$$eval('article', (all) => all.filter((one) => one.offsetParent !== null).length);
    const all = await shown();
    const filters = await tab.$$('#filters input, #filters select');
    const isFiltered = await tab.evaluate(() => {
      const choice = document.querySelector('#filters select');
      const box = document.querySelector('#filters input[type=checkbox]');
      if (choice) {
        choice.selectedIndex = choice.options.length - 1;
        choice.dispatchEvent(new Event('input', { bubbles: true }));
      } else if (box) box.click();
      return Boolean(choice || box);
    });
    const left = await shown();
    await tab.reload();
    await tab.addScriptTag({ path: load.resolve('axe-core/axe.min.js') });
    const violations = [];
    for (const width of [320, 1280]) {
      await tab.setViewport({ width, height: 900 });
      for (const scheme of ['light', 'dark']) {
        await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        const found = await tab.evaluate(() => window.axe.run());
        for (const { id, nodes } of found.violations) violations.push(`${id} at ${width} ${scheme}: ${nodes[0].html}`);
        const wide = await tab.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        if (wide) violations.push(`wider than ${width}`);
      }
    }
    const printed = (await tab.pdf()).length;
    const isSwitched = filters.length > 0 && isFiltered;
    console.log(JSON.stringify({ loaded, all, left, isSwitched, printed, violations }));
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
