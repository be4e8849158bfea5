// Reads a site as people do: validates its HTML, asks axe about accessibility, and does the tasks of a new user, by clicks
// and by searching.
// Usage: node reader.cjs MODULES SITE; the tasks of an e-RS site are done only on one.
const { createRequire } = require('node:module');
const fs = require('node:fs');
const path = require('node:path');
const [, , modules, site] = process.argv;
const load = createRequire(`${modules}/`);
const puppeteer = load('puppeteer-core');
const { HtmlValidate, StaticConfigLoader } = load('html-validate');

const files = (folder) => fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  const file = path.join(folder, entry.name);
  return entry.isDirectory() ? files(file) : [file];
});
const pages = files(site).filter((file) => file.endsWith('.html')).sort();
const name = (file) => path.relative(site, file);
const address = (file) => `file://${file}`;

// The first page of every kind, the middle one and the last: folders are kinds.
const kinds = new Map();
for (const file of pages) {
  const kind = path.dirname(name(file));
  kinds.set(kind, [...(kinds.get(kind) || []), file]);
}
const chosen = new Set();
for (const all of kinds.values()) for (const at of [0, all.length >> 1, all.length - 1]) chosen.add(all[at]);

// Valid HTML that the default rules reject: ids with dots, and a search that suggests.
const taste = { 'valid-id': ['error', { relaxed: true }], 'prefer-native-element': 'off', 'require-sri': 'off', 'long-title': 'off',
  // Texts of definitions and payloads stay as they are written.
  'no-trailing-whitespace': 'off' };
const validate = async () => {
  const html = new HtmlValidate(new StaticConfigLoader({
    extends: ['html-validate:recommended', 'html-validate:document', 'html-validate:a11y'], rules: taste,
  }));
  const faults = [];
  for (const file of pages) {
    const { results } = await html.validateString(fs.readFileSync(file, 'utf8'));
    for (const { messages } of results) {
      for (const { line, ruleId, message } of messages) faults.push(`${name(file)}:${line} ${ruleId} ${message}`);
    }
  }
  return faults;
};

const examine = async (tab) => {
  const violations = [];
  for (const file of chosen) {
    for (const [width, scheme] of [[320, 'dark'], [1440, 'light']]) {
      await tab.setViewport({ width, height: 900 });
      await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await tab.goto(address(file));
      await tab.addScriptTag({ path: load.resolve('axe-core/axe.min.js') });
      await tab.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
      const found = await tab.evaluate(() => window.axe.run());
      for (const { id, nodes } of found.violations) violations.push(`${name(file)} at ${width} ${scheme}: ${id} ${nodes[0].html}`);
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      if (wide) violations.push(`${name(file)} is wider than ${width}`);
    }
  }
  return violations;
};

// What is asked, the links to click from the first page, what to search for instead, and where the answer is.
const tasks = [
  ['which headers A016 needs from an admin', ['Refer a patient and book an appointment', 'A016 '], 'A016 headers',
    'section[aria-label=Headers]', 'NHSD-eRS-Business-Function'],
  ['why 422 SLOT_NOT_AVAILABLE comes and what then', ['Error codes', 'SLOT_NOT_AVAILABLE'], 'slot not available',
    'main', 'SLOT_NOT_AVAILABLE'],
  ['what Appointment.reason may hold in a deferral', ['Operations', 'A016 ', 'BookOrDefer'], 'deferral Appointment.reason',
    '[id="Appointment.reason.coding.code"]', 'ErsAppointmentReason'],
  ['which profile A028 wants', ['Triage', 'A028 '], 'A028 profile', '#request ~ p', 'ReviewOutcome'],
];

const click = async (tab, text) => {
  const links = await tab.$$('main a');
  for (const link of links.concat(await tab.$$('header nav a'))) {
    const shown = await link.evaluate((one) => one.textContent);
    if (shown.includes(text)) {
      await Promise.all([tab.waitForNavigation(), link.evaluate((one) => one.click())]);
      return true;
    }
  }
  return false;
};

const search = async (tab, words) => {
  await tab.focus('#q');
  await tab.waitForFunction(() => window.ersFhirIndex);
  await tab.type('#q', words);
  await tab.waitForSelector('#found li', { visible: true, timeout: 3000 });
  await Promise.all([tab.waitForNavigation(), tab.keyboard.press('Enter')]);
};

const perform = async (tab) => {
  const failed = [];
  await tab.setViewport({ width: 1440, height: 900 });
  const holds = (place, text) => tab.evaluate((where, what) => {
    const found = document.querySelector(where);
    return Boolean(found && found.textContent.includes(what));
  }, place, text);
  for (const [what, steps, words, place, text] of tasks) {
    await tab.goto(address(path.join(site, 'index.html')));
    for (const step of steps) if (!await click(tab, step)) failed.push(`${what}: no link '${step}' on ${tab.url()}`);
    if (!await holds(place, text)) failed.push(`${what}: clicks lead to ${tab.url()}`);
    await tab.goto(address(path.join(site, 'index.html')));
    try {
      await search(tab, words);
    } catch (error) {
      failed.push(`${what}: searching for '${words}': ${error.message}`);
      continue;
    }
    if (!await holds(place, text)) failed.push(`${what}: searching for '${words}' leads to ${tab.url()}`);
  }
  return failed;
};

// Long lists can be narrowed, and trees folded; an address unfolds what it names.
const handle = async (tab) => {
  const failed = [];
  await tab.setViewport({ width: 1440, height: 900 });
  const shown = (what) => tab.evaluate((where) =>
    [...document.querySelectorAll(where)].filter((one) => one.checkVisibility()).length, what);
  await tab.goto(address(path.join(site, 'rules', 'index.html')));
  const all = await shown('main dt');
  await tab.type('.narrow input', 'slot');
  const some = await shown('main dt');
  if (!(some > 0 && some < all)) failed.push(`of ${all} rules, ${some} have 'slot'`);
  await tab.goto(address(pages.find((file) => fs.readFileSync(file, 'utf8').includes('class="d2"'))));
  const rows = await shown('table.elements tr');
  const deep = await tab.evaluate(() => document.querySelector('table.elements .d2').parentElement.id);
  await tab.click('table.elements .fold');
  if (await shown('table.elements tr') >= rows) failed.push('nothing is folded');
  const names = () => tab.evaluate((id) => document.getElementById(id).checkVisibility(), deep);
  if (await names()) failed.push(`${deep} is not folded`);
  await tab.evaluate((id) => { location.hash = id; }, deep);
  await tab.waitForFunction((id) => document.getElementById(id).checkVisibility(), { timeout: 3000 }, deep)
    .catch(() => failed.push(`${deep} stays folded`));
  return failed;
};

(async () => {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const tab = await browser.newPage();
    const elsewhere = [];
    tab.on('request', (request) => { if (!request.url().startsWith('file://')) elsewhere.push(request.url()); });
    const violations = await examine(tab);
    const failed = fs.existsSync(path.join(site, 'operations')) ? [...await perform(tab), ...await handle(tab)] : [];
    const faults = await validate();
    console.log(JSON.stringify({ pages: pages.length, examined: chosen.size, faults: faults.slice(0, 20), violations, failed, elsewhere }));
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
