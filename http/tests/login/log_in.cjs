// Logs in on the page of the local e-RS as a person does, by keyboard, without scripts; and asks axe about accessibility.
// Usage: node log_in.cjs MODULES ADDRESS [PICTURES]
// What was seen is printed as JSON; the test judges it.
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const [, , modules, address, pictures] = process.argv;
const load = createRequire(`${modules}/`);
const puppeteer = load('puppeteer-core');
const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds, and whether anything is wider than the window. */
async function barriers(tab, name) {
  const found = [];
  await tab.evaluate(axe);
  for (const width of [320, 1440]) {
    await tab.setViewport({ width, height: 900 });
    for (const scheme of ['light', 'dark']) {
      await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      const { violations } = await tab.evaluate(() => window.axe.run({ preload: false }));
      for (const { id, nodes } of violations) found.push(`${name}: ${id} at ${width} ${scheme}: ${nodes[0].html}`);
      const isWide = await tab.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      if (isWide) found.push(`${name}: wider than ${width}`);
      if (pictures) await tab.screenshot({ path: join(pictures, `login-${name}-${width}-${scheme}.png`), fullPage: true });
    }
  }
  return found;
}

(async () => {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const tab = await browser.newPage();
    const requests = [];
    const wrong = [];
    tab.on('request', (request) => requests.push(request.url()));
    tab.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    await tab.goto(address);
    const seen = { violations: await barriers(tab, 'page') };
    await tab.goto(address.replace('client_id=', 'client_id=x'));
    seen.violations.push(...(await barriers(tab, 'complaint')));
    seen.complaint = await tab.$eval('[role=alert]', (one) => one.textContent);
    wrong.length = 0;

    const plain = await browser.newPage();
    await plain.setJavaScriptEnabled(false);
    await plain.bringToFront();
    plain.on('request', (request) => requests.push(request.url()));
    await plain.goto(address);
    seen.title = await plain.title();
    // The first stop is the list of users, which arrows go through; then the button.
    await plain.keyboard.press('Tab');
    await plain.keyboard.press('Space');
    await plain.keyboard.press('ArrowDown');
    await plain.keyboard.press('Tab');
    await Promise.all([plain.waitForNavigation(), plain.keyboard.press('Enter')]).catch(() => {});
    seen.requests = requests.filter((url) => url.startsWith('http') && !url.includes('favicon'));
    seen.wrong = wrong;
    console.log(JSON.stringify(seen));
  } finally {
    await browser.close();
  }
})();
