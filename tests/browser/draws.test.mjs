// The page /draws in a browser, offline: the page as its door answers, receipts made from the specification.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {existsSync, mkdirSync} from "node:fs";
import {after, before, beforeEach, afterEach, test} from "node:test";
import {chromium} from "playwright-core";

const ROOT = new URL("../..", import.meta.url).pathname, HOME = "https://prakerja.example";
const PICTURES = process.env.PICTURES, WAIT = 15_000;
const told = JSON.parse(execFileSync(".venv/bin/python", ["-m", "tests.browser.fixtures"],
	{cwd: ROOT, maxBuffer: 1 << 26, env: {...process.env, STAGE: "local", AWS_DEFAULT_REGION: "ap-southeast-3"}}));
const {chosen, not_chosen: notChosen, excluded, listed} = told.receipts;
let browser, page, answers, asked, faults;

before(async () => {
	browser = await chromium.launch({executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"]});
});
after(() => browser?.close());

// Nothing but what is stubbed here can be reached.
beforeEach(async () => {
	answers = {}; asked = []; faults = [];
	const context = await browser.newContext({viewport: {width: 360, height: 740}, locale: "id-ID"});
	page = await context.newPage();
	page.setDefaultTimeout(WAIT);
	page.on("pageerror", (error) => faults.push(error.message));
	page.on("console", (line) => line.type() === "error" && !/status of (404|401)/.test(line.text()) && faults.push(line.text()));
	await context.route("**/*", (route) => {
		const request = route.request(), {pathname} = new URL(request.url()), key = `${request.method()} ${pathname}`;
		if (pathname === "/draws") return route.fulfill({status: told.page.status, headers: told.page.headers, body: told.page.body});
		asked.push({key, body: request.postData(), headers: request.headers()});
		const [status, body] = answers[key] || [404, {code: "draw_not_published", message: "…"}];
		return route.fulfill({status, contentType: "application/json", body: JSON.stringify(body)});
	});
	await page.goto(HOME + "/draws");
});
afterEach(async () => {
	assert.deepEqual(faults, []);
	await page.context().close();
});

async function check(receipt, noted = "") {
	await page.fill("#receipt", typeof receipt === "string" ? receipt : JSON.stringify(receipt));
	await page.fill("#noted", noted);
	await page.click("#form button");
	await page.waitForFunction(() => !document.getElementById("verdict").hidden || document.getElementById("unread").textContent);
}
const said = (id, language = "id") => page.textContent(`#${id} [lang=${language}]`);
const lines = () => page.$$eval("#checks li", (all) => all.map((each) => [each.className, each.querySelector("i").textContent]));
const wrong = async () => (await lines()).filter(([name]) => name === "wrong").map(([, text]) => text);
async function picture(name) {
	if (!PICTURES) return;
	if (!existsSync(PICTURES)) mkdirSync(PICTURES, {recursive: true});
	await page.screenshot({path: `${PICTURES}/${name}.png`, fullPage: true});
}
const altered = (receipt, changes) => ({...structuredClone(receipt), ...changes});
const flipped = (hex) => hex.slice(0, -1) + (hex.endsWith("0") ? "1" : "0");

test("who has a place is told so, and by how much", async () => {
	await picture("empty");
	await check(chosen, chosen.frozen_root);
	assert.equal(await said("said"), "Anda lolos");
	assert.match(await said("why"), new RegExp(`Urutan ${chosen.rank} dari`));
	assert.deepEqual(await wrong(), []);
	assert.equal((await lines()).length, 6);
	await picture("chosen");
});

test("who has no place is told by how much it failed", async () => {
	await check(notChosen);
	assert.equal(await said("said"), "Anda belum lolos");
	assert.match((await said("why")).replaceAll(".", ""), new RegExp(`Kurang ${notChosen.rank - notChosen.places} urutan`));
	assert.deepEqual(await wrong(), []);
	await picture("not_chosen");
	await page.click("#language");
	assert.match(await said("why", "en"), /too few/);
	assert.equal(await page.isVisible("#why [lang=id]"), false);
	await picture("not_chosen_en");
});

test("who was out by the places of a family is told why", async () => {
	await check(excluded);
	assert.equal(await said("said"), "Anda tidak ikut diundi");
	assert.match(await said("why"), /keluarga/i);
	assert.deepEqual(await wrong(), []);
	await picture("excluded");
});

test("who moved up into a place that fell free is told so", async () => {
	await check(altered(notChosen, {state: "chosen"}));
	assert.equal(await said("said"), "Anda lolos");
	assert.match(await said("why"), /kosong kembali/);
	assert.deepEqual(await wrong(), []);
});

test("who may not have the place that the draw gave them is told so", async () => {
	await check(altered(chosen, {state: "excluded", reason: "blocklist"}));
	assert.equal(await said("said"), "Tempat Anda batal");
	assert.deepEqual(await wrong(), []);
});

test("before there is a list, or after its proof is gone, the page says what to do", async () => {
	const unread = async () => page.textContent("#unread [lang=id]");
	const nothing = {frozen_root: null, seed: null, ticket: null, cut_off: null, rank: null, proof: null};
	await check(altered(listed, {...nothing, state: "joined"}));
	assert.match(await unread(), /belum dibekukan/);
	await check(altered(chosen, {proof: null}));
	assert.match(await unread(), /verify_draw/);
});

test("before the result is announced the page says so, and shows the root to note", async () => {
	await check(listed);
	assert.equal(await said("said"), "Anda terdaftar. Hasil Anda belum diumumkan");
	assert.equal(await page.textContent("#note:not([hidden]) #root"), listed.frozen_root);
	assert.deepEqual(await wrong(), []);
	await picture("listed");
});

const swapped = structuredClone(chosen.proof);
swapped.steps_to_province[0][0] = swapped.steps_to_province[0][0] === "left" ? "right" : "left";
const otherPage = structuredClone(chosen.proof);
otherPage.page = Buffer.from(Buffer.from(otherPage.page, "base64").map((byte, at) => at === 17 ? byte ^ 1 : byte)).toString("base64");
const WRONG = {
	"another ticket": [altered(chosen, {ticket: flipped(chosen.ticket)}), /nomor undian/i],
	"another seed": [altered(chosen, {seed: flipped(chosen.seed)}), /nomor undian/i],
	"another person": [altered(chosen, {pseudonym: flipped(chosen.pseudonym)}), /tidak ada di halaman/],
	"another group": [altered(chosen, {group: (chosen.group + 1) % 3}), /kelompok/i],
	"another class": [altered(chosen, {class: chosen.class ^ 1}), /kelompok/i],
	"another wave": [altered(chosen, {wave: 5}), /nomor undian/i],
	"another province": [altered(chosen, {province: "11"}), /bukan bagian/],
	"another root": [altered(chosen, {frozen_root: flipped(chosen.frozen_root)}), /bukan bagian/],
	"another page": [altered(chosen, {proof: otherPage}), /bukan bagian/],
	"a step on the other side": [altered(chosen, {proof: swapped}), /bukan bagian/],
	"a page that is none": [altered(chosen, {proof: {...chosen.proof, page: "%%%"}}), /tidak ada di halaman/],
	"a place denied": [altered(chosen, {state: "not_chosen"}), /tidak sesuai dengan batas/],
	"another rank": [altered(notChosen, {rank: 1}), /Urutan/],
	"no rank": [altered(chosen, {rank: null}), /Urutan/],
	"out without a family": [altered(chosen, {state: "excluded", rank: null, reason: "family_lot"}), /keluarga/],
	"an outcome without a seed": [altered(chosen, {seed: null}), /benih/],
};
for (const [name, [receipt, word]] of Object.entries(WRONG)) {
	test(`${name}: a cross says what is wrong`, async () => {
		await check(receipt);
		assert.equal(await said("said"), "Ada yang tidak cocok");
		const found = await wrong();
		assert.ok(found.some((text) => word.test(text)), found.join("; "));
	});
}

test("a root that was noted otherwise is a cross, and what is no root is not taken", async () => {
	await check(chosen, flipped(chosen.frozen_root));
	assert.match((await wrong())[0], /bukan daftar yang Anda catat/);
	await picture("wrong");
	await page.reload();
	await check(chosen, "abc");
	assert.match(await said("unread"), /64/);
});

test("what is published is compared", async () => {
	answers["GET /v1/waves/4/draw"] = [200, {seed: flipped(chosen.seed), frozen_root: flipped(chosen.frozen_root)}];
	await check(chosen);
	assert.equal((await wrong()).length, 2);
	answers["GET /v1/waves/4/draw"] = [200, {seed: chosen.seed, frozen_root: chosen.frozen_root}];
	await check(chosen);
	await page.waitForFunction(() => !document.querySelector("#checks .wrong"));
	assert.equal((await lines()).length, 7);
});

for (const text of ["", "hello", "[]", "null", '{"wave":4}', JSON.stringify(altered(chosen, {cut_off: "x"})), JSON.stringify(altered(chosen, {proof: {}}))]) {
	test(`${text.slice(0, 12)} … is no receipt, and is told so`, async () => {
		await check(text);
		assert.ok(await said("unread"));
		assert.equal(await page.isVisible("#verdict"), false);
	});
}

test("a receipt is sent nowhere", async () => {
	await check(chosen);
	assert.deepEqual(asked.map(({key, body}) => [key, body]), [["GET /v1/waves/4/draw", null]]);
});

test("a file can be chosen", async () => {
	await page.setInputFiles("#file", {name: "receipt.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(chosen))});
	await page.waitForSelector("#verdict:not([hidden])");
	assert.equal(await said("said"), "Anda lolos");
});

test("who signs in has it fetched, and is signed out again", async () => {
	await page.goto("about:blank");
	await page.goto(HOME + "/draws#wave=4");
	answers["POST /v1/sessions"] = [201, {token: "t0k"}];
	answers["GET /v1/me/waves/4/receipt"] = [200, chosen];
	answers["DELETE /v1/sessions/current"] = [204, null];
	await page.fill("#email", "siti@contoh.example");
	await page.fill("#password", "kata sandi");
	await picture("signing");
	await page.click("#fetching button");
	await page.waitForSelector("#verdict:not([hidden])");
	const receipt = asked.find(({key}) => key === "GET /v1/me/waves/4/receipt");
	assert.equal(receipt.headers.authorization, "Bearer t0k");
	assert.ok(asked.some(({key}) => key === "DELETE /v1/sessions/current"));
	assert.equal(await page.inputValue("#password"), "");
});

test("who mistypes the password is told so in words of the service", async () => {
	answers["POST /v1/sessions"] = [401, {code: "email_or_password_wrong", message: "Email atau kata sandi salah."}];
	await page.click("summary");
	await page.fill("#wave", "4");
	await page.fill("#email", "siti@contoh.example");
	await page.fill("#password", "salah");
	await page.click("#fetching button");
	await page.waitForFunction(() => document.getElementById("unfetched").textContent);
	assert.equal(await said("unfetched"), "Email atau kata sandi salah.");
});

test("nothing is wider than a small phone", async () => {
	for (const ticket of ["0", "4", "8", "c", "f"].map((digit) => digit.repeat(64))) {
		await check(altered(chosen, {ticket}));
		await page.evaluate((found) => draw(share(found), share(found)), ticket);
		await page.evaluate(() => { $("line").hidden = false; });
		assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
		assert.ok(await page.evaluate(() => ["#mark i", "#reach i"].every((each) => {
			const {left, right} = [...document.querySelectorAll(each)].find((one) => one.offsetParent).getBoundingClientRect();
			return left >= 0 && right <= innerWidth;
		})), ticket);
	}
});
