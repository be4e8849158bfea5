// Uses the page of the local e-RS as people do: watches calls, selects a request, takes steps, uses the controls; by keyboard too; and
// asks axe about accessibility.
// Usage: node use.cjs MODULES ADDRESS [PICTURES]
// What was seen is printed as JSON; the test judges it.
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const [, , modules, address, pictures] = process.argv;
const load = createRequire(`${modules}/`);
const puppeteer = load('puppeteer-core');
const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');

const text = (tab, selector) => tab.$eval(selector, (one) => one.innerText);

/** Waits until something says something like it; what it says. */
async function until(tab, selector, pattern) {
  try {
    await tab.waitForFunction(
      (at, source) => new RegExp(source).test(document.querySelector(at)?.innerText ?? ''),
      { timeout: 10000, polling: 20 },
      selector,
      pattern,
    );
  } catch {
    throw new Error(`${selector} never says ${pattern}: ${await text(tab, selector).catch(() => 'nothing')}`);
  }
  return text(tab, selector);
}

/** Calls the service, as a client does. */
function call(path, headers = {}) {
  return fetch(`${address}referrals/FHIR${path}`, { headers });
}

const REFERRER = { 'NHSD-End-User-Organisation-ODS': 'X26', 'NHSD-eRS-Business-Function': 'REFERRING_CLINICIAN' };

async function watchCalls(tab) {
  await call('/STU3/CodeSystem/PRIORITY', REFERRER);
  await until(tab, '#calls', 'A004');
  const seen = { good: await text(tab, '#calls tr') };
  await call('/STU3/CodeSystem/PRIORITY');
  await until(tab, '#calls', 'MISSING_HEADER');
  seen.bad = await text(tab, '#calls tr');
  await tab.click('#faulty');
  seen.onlyFaulty = await tab.$$eval('#calls tr', (all) => all.filter((one) => !one.hidden).length);
  await tab.click('#calls tr button');
  seen.body = await until(tab, '#call', 'Body of the answer');
  await tab.click('#faulty');
  return seen;
}

async function byKeyboard(tab) {
  const focused = () => tab.evaluate(() => document.activeElement.id);
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Enter');
  const seen = { skipped: await focused() };
  await tab.keyboard.type('0000700000');
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Enter');
  await until(tab, '#request-head', 'Referral');
  seen.head = await focused();
  return seen;
}

/** Opens a step, fills it in, and takes it. */
async function take(tab, step, fill = async () => {}) {
  const form = `details[data-step="${step}"]`;
  await tab.waitForSelector(form);
  await tab.$eval(form, (one) => { one.open = true; });
  await fill(form);
  await tab.$eval(`${form} button`, (one) => one.click());
}

async function choose(tab, state) {
  await tab.select('#state', state);
  await tab.waitForFunction((wanted) => {
    const all = [...document.querySelectorAll('#requests span')];
    return all.length > 0 && all.every((one) => one.textContent.startsWith(wanted));
  }, { timeout: 10000 }, 'Not Booked');
  await tab.$eval('#requests button', (one) => one.click());
  await until(tab, '#request-head', 'Not Booked');
  await tab.select('#state', '');
}

async function barriers(tab) {
  const violations = [];
  await tab.evaluate(axe);
  await tab.evaluate(() => document.querySelectorAll('#request details').forEach((one) => { one.open = true; }));
  for (const width of [320, 768, 1440]) {
    await tab.setViewport({ width, height: 900 });
    for (const scheme of ['light', 'dark']) {
      const isDark = await tab.$eval('#theme', (one) => one.getAttribute('aria-pressed') === 'true');
      if (isDark !== (scheme === 'dark')) await tab.$eval('#theme', (one) => one.click());
      const found = await tab.evaluate(() => window.axe.run({ preload: false }));
      for (const { id, nodes } of found.violations) violations.push(`${id} at ${width} ${scheme}: ${nodes[0].html}`);
      // Fonts are not of one width on all machines: there is room for wider letters.
      const isWide = await tab.evaluate(() => {
        document.body.style.letterSpacing = '0.05em';
        const isBeyond = document.documentElement.scrollWidth > window.innerWidth;
        document.body.style.letterSpacing = '';
        return isBeyond;
      });
      if (isWide) violations.push(`wider than ${width}`);
      if (pictures) await tab.screenshot({ path: join(pictures, `local-${width}-${scheme}.png`), fullPage: true });
    }
  }
  await tab.setViewport({ width: 1440, height: 900 });
  return violations;
}

(async () => {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const tab = await browser.newPage();
    await tab.setViewport({ width: 1440, height: 900 });
    const wrong = [];
    tab.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    tab.on('pageerror', (error) => wrong.push(String(error)));
    await tab.goto(address);
    const seen = { overview: await until(tab, '#overview', 'referrals') };
    seen.silent = await tab.$eval('#silent', (one) => one.hidden);
    await until(tab, '#switches', 'versionStep');
    seen.switches = await text(tab, '#switches');
    seen.keyboard = await byKeyboard(tab);
    await tab.$eval('#find', (one) => { one.value = ''; });
    seen.calls = await watchCalls(tab);

    await choose(tab, 'NOT_BOOKED');
    await take(tab, 'book', (form) => tab.type(`${form} input[type=text]`, 'tomorrow'));
    seen.refused = await until(tab, 'details[data-step="book"] [role=status]', 'moment');
    wrong.length = 0;
    await tab.$eval('details[data-step="book"] input[type=text]', (one) => { one.value = ''; });
    await take(tab, 'book');
    const head = await until(tab, '#request-head', ': Booked');
    const picture = await tab.$eval('.picture svg', (one) => one.getAttribute('aria-label'));
    seen.booked = { head, picture, timeline: await text(tab, '#timeline') };
    await take(tab, 'cancel-appointment');
    seen.cancelled = { head: await until(tab, '#request-head', 'Cancelled') };
    seen.violations = await barriers(tab);

    const before = await text(tab, '#clock');
    await tab.click('[data-seconds="604800"]');
    seen.later = await until(tab, '#said', 'moved');
    await tab.waitForFunction((old) => document.getElementById('clock').innerText.slice(0, 16) !== old.slice(0, 16), { timeout: 5000 }, before);
    seen.clock = { before: before.slice(0, 16), after: (await text(tab, '#clock')).slice(0, 16) };
    await tab.select('#fault', 'unavailable');
    await tab.click('#order');
    seen.fault = { said: await until(tab, '#said', 'Ordered') };
    seen.fault.status = (await call('/STU3/CodeSystem/PRIORITY', REFERRER)).status;
    await tab.click('#reset');
    await tab.keyboard.press('Enter');
    seen.reset = { said: await until(tab, '#said', 'seed'), events: await until(tab, '#request', 'Nothing since') };
    seen.wrong = wrong;
    console.log(JSON.stringify(seen));
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
