// Uses the page as people do: pastes, finds and fixes, by keyboard; and asks axe about accessibility.
// Usage: node use.cjs MODULES ADDRESS CAPTURE [PICTURES]
// What was seen is printed as JSON; the test judges it.
const { createRequire } = require('node:module');
const { readFileSync, writeFileSync, mkdtempSync } = require('node:fs');
const { join } = require('node:path');
const { tmpdir } = require('node:os');
const [, , modules, address, capture, pictures] = process.argv;
const load = createRequire(`${modules}/`);
const puppeteer = load('puppeteer-core');
const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');

const FAULTY = `{
  "resourceType": "Patient",
  "birthdate": "1970-03-03",
  "gender": "Male"
}
`;

const state = (tab) => tab.$eval('#state', (one) => one.textContent);
const text = (tab) => tab.$eval('#text', (one) => one.value);
const items = (tab) => tab.$$eval('.finding', (all) => all.map((one) => one.innerText));

/** Waits until the state says something like it. */
async function until(tab, pattern) {
  try {
    await tab.waitForFunction(
      (source) => new RegExp(source).test(document.getElementById('state').textContent),
      { timeout: 20000, polling: 20 },
      pattern,
    );
  } catch {
    throw new Error(`the state never says ${pattern}: ${await state(tab)}`);
  }
  return state(tab);
}

async function press(tab, key, ...held) {
  for (const one of held) await tab.keyboard.down(one);
  await tab.keyboard.press(key);
  for (const one of held.reverse()) await tab.keyboard.up(one);
}

/** Puts another text into the field, as pasting does. */
async function paste(tab, what) {
  await tab.focus('#text');
  await press(tab, 'a', 'Control');
  await tab.keyboard.sendCharacter(what);
}

async function byKeyboard(tab) {
  const seen = {};
  // The first stop leads to the payload.
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Enter');
  seen.focus = await tab.evaluate(() => document.activeElement.id);
  await tab.keyboard.sendCharacter(FAULTY);
  seen.found = await until(tab, 'Checked.*error');
  seen.items = await items(tab);
  seen.marks = await tab.$$eval('#marks span', (all) => all.map((one) => [one.className, parseFloat(one.style.top)]));
  await press(tab, 'F8');
  const selection = () => tab.$eval('#text', (one) => one.value.slice(one.selectionStart, one.selectionEnd));
  seen.selected = await selection();
  const before = await text(tab);
  for (let at = 0; at < 5 && /[1-9]\d* errors?/.test(await state(tab)); at += 1) {
    await press(tab, 'F8');
    const was = await text(tab);
    await press(tab, 'Enter', 'Alt');
    await tab.waitForFunction((old) => document.getElementById('text').value !== old, { timeout: 5000 }, was).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  seen.clean = await until(tab, ' 0 errors');
  seen.fixed = await text(tab);
  await press(tab, 'z', 'Control');
  await press(tab, 'z', 'Control');
  seen.isUndone = (await text(tab)) === before;
  return seen;
}

async function others(tab) {
  const seen = {};
  await paste(tab, FAULTY);
  await until(tab, 'Checked.*[1-9]\\d* error');
  await tab.$eval('.finding summary', (one) => one.click());
  await tab.waitForSelector('.finding details p');
  seen.why = await tab.$eval('.finding details', (one) => one.innerText);
  await tab.select('#release', '3.0');
  seen.stu3 = await until(tab, 'STU3');
  await tab.select('#release', '');

  await tab.evaluate(() => document.querySelectorAll('.as > details').forEach((one) => { one.open = true; }));
  await tab.select('#example-operation', 'A011');
  const rule = await tab.$eval('#example-rule', (one) => one.options[one.options.length - 1].value);
  await tab.click('#example-use');
  seen.example = await until(tab, 'STU3.* 0 errors');
  await tab.select('#example-rule', rule);
  await tab.click('#example-use');
  seen.broken = await until(tab, 'STU3.*[1-9]\\d* (error|warning)');
  seen.rule = rule;
  seen.brokenItems = await items(tab);
  seen.headers = await tab.$eval('#headers', (one) => one.value);
  // A header that no e-RS call has.
  await tab.$eval('#headers', (one) => {
    one.value = 'Content-Type: text/plain';
    one.dispatchEvent(new Event('change'));
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  seen.otherHeaders = await items(tab);
  await tab.select('#operation', '');

  const file = await tab.$('#file');
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  const lines = join(folder, 'many.ndjson');
  writeFileSync(lines, `${JSON.stringify(JSON.parse(FAULTY))}\n{ "resourceType": "Basic" }\n`);
  await file.uploadFile(lines);
  seen.lines = await until(tab, '2 payloads');
  await file.uploadFile(capture);
  seen.capture = await until(tab, '\\d\\d payloads|[3-9] payloads');

  await paste(tab, '<Patient xmlns="http://hl7.org/fhir"><gender value="Male"/></Patient>');
  seen.xml = await until(tab, 'Checked.*[1-9]\\d* error');
  // A payload that is nested absurdly deep is reported, and breaks nothing.
  await paste(tab, '{"a":'.repeat(50000));
  seen.deep = await until(tab, '^(?!.*as R4)(?!.* 0 errors).*(error|crashed)');
  await paste(tab, '{ "resourceType": "Patient", "active": true }');
  seen.after = await until(tab, ' 0 errors');
  return seen;
}

/** What axe finds, and whether anything is wider than the window. */
async function barriers(tab) {
  const violations = [];
  await paste(tab, FAULTY);
  await until(tab, 'Checked.*[1-9]\\d* error');
  await press(tab, 'F8');
  await tab.evaluate(axe);
  for (const width of [320, 768, 1440]) {
    await tab.setViewport({ width, height: 900 });
    for (const scheme of ['light', 'dark']) {
      const isDark = await tab.$eval('#theme', (one) => one.getAttribute('aria-pressed') === 'true');
      if (isDark !== (scheme === 'dark')) await tab.$eval('#theme', (one) => one.click());
      const found = await tab.evaluate(() => window.axe.run({ preload: false }));
      for (const { id, nodes } of found.violations) violations.push(`${id} at ${width} ${scheme}: ${nodes[0].html}`);
      // Fonts are not of one width on all machines: there is room for wider letters.
      const wide = await tab.evaluate(() => {
        document.body.style.letterSpacing = '0.05em';
        const isBeyond = document.documentElement.scrollWidth > window.innerWidth;
        document.body.style.letterSpacing = '';
        return isBeyond;
      });
      if (wide) violations.push(`wider than ${width}`);
      if (pictures) await tab.screenshot({ path: join(pictures, `${width}-${scheme}.png`), fullPage: true });
    }
  }
  return violations;
}

/** Milliseconds from when the page is loaded, and from when it was asked for, to the first result. */
async function first(browser) {
  const tab = await browser.newPage();
  await tab.evaluateOnNewDocument((payload) => {
    addEventListener('load', () => {
      const loaded = performance.now();
      const field = document.getElementById('text');
      field.value = payload;
      document.getElementById('check').click();
      new MutationObserver((_, observer) => {
        if (!/Checked/.test(document.getElementById('state').textContent)) return;
        observer.disconnect();
        window.took = [performance.now() - loaded, performance.now()];
      }).observe(document.getElementById('state'), { childList: true, characterData: true, subtree: true });
    });
  }, FAULTY);
  await tab.goto(address);
  const took = await (await tab.waitForFunction(() => window.took, { timeout: 20000 })).jsonValue();
  await tab.close();
  return took.map(Math.round);
}

(async () => {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const firsts = [await first(browser), await first(browser), await first(browser)];
    const tab = await browser.newPage();
    await tab.setViewport({ width: 1440, height: 900 });
    const requests = [];
    const wrong = [];
    tab.on('request', (request) => requests.push(request.url().split('?')[0]));
    tab.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    tab.on('pageerror', (error) => wrong.push(String(error)));
    await tab.goto(address);
    await until(tab, 'Nothing has been checked');
    await tab.waitForFunction(() => document.getElementById('example-operation').options.length > 10);
    const silent = await tab.$eval('#silent', (one) => one.hidden);
    const atLoad = requests.length;
    const keyboard = await byKeyboard(tab);
    const rest = await others(tab);
    const later = [...new Set(requests.slice(atLoad))].filter((url) => !url.startsWith('blob:'));
    const violations = await barriers(tab);
    const where = await tab.$eval('#where', (one) => one.textContent);
    console.log(JSON.stringify({ firsts, silent, where, keyboard, rest, later, wrong, violations, all: [...new Set(requests)] }));
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
