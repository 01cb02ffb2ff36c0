/** Names that have broken file stores, each with whether it is one that we keep. */
export function nameCorpus(): { name: string; allowed: boolean }[] {
  const refused = new Set<string>()
  const allowed = new Set<string>()

  for (const up of ['..', '.', './..', '../..', '../../..']) {
    for (const rest of ['', '/', '/etc/passwd', '/a', '/.ssh/id_rsa', '/objects']) {
      for (const before of ['', '/', 'a/', 'a/b/', '//']) refused.add(`${before}${up}${rest}`)
    }
  }
  for (const slip of ['..\\..\\windows\\win.ini', 'a\\b', '\\\\host\\share', 'C:\\boot.ini', '\\']) refused.add(slip)
  for (const empty of [' ', '/', '//', 'a//b', '/a', 'a/', 'a/ /b', '\t', 'a/\u00a0/b', '\u3000']) refused.add(empty)
  for (let code = 0; code < 32; code++) {
    refused.add(`a${String.fromCodePoint(code)}b`)
    refused.add(`${String.fromCodePoint(code)}.txt`)
  }
  for (let code = 0x7f; code <= 0x9f; code++) refused.add(`a${String.fromCodePoint(code)}`)
  for (const mark of '\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff') {
    refused.add(`invoice${mark}fdp.exe`)
    refused.add(`${mark}a/b`)
  }
  for (const long of ['a'.repeat(256), 'ä'.repeat(128), '😀'.repeat(64), `a/${'b'.repeat(256)}/c`]) refused.add(long)
  refused.add(Array.from({ length: 513 }, () => 'a').join('/'))
  // Grows beyond the bound when its characters are put into NFC.
  refused.add('\u0958'.repeat(85))

  const devices = ['CON', 'PRN', 'AUX', 'NUL', 'CLOCK$', 'CONIN$', 'CONOUT$']
  for (let number = 1; number <= 9; number++) devices.push(`COM${number}`, `LPT${number}`)
  for (const device of devices) for (const name of [device, device.toLowerCase(), `${device}.txt`, `a/${device}/b`]) allowed.add(name)
  for (const odd of [
    '...',
    '....',
    '.hidden',
    '.git/config',
    '~',
    '~root/.profile',
    'a:b',
    'a.txt:stream',
    'a.',
    'a .',
    '-rf',
    '--help',
    '*',
    '?',
    '|',
    '<a>',
    '$(id)',
    '`id`',
    "'; drop table file; --",
    '"',
    '%00',
    '%2e%2e%2f',
    '%2fetc',
    '..%2f',
    '..;/a',
    '.. /a',
    '. ./a',
    '&amp;',
    '{{7*7}}',
    '${a}',
    '#',
    'a?b=c&d',
    'a b',
    'index.html',
    'x.svg',
    'desktop.ini',
    'Thumbs.db',
    '.htaccess',
    'web.config',
  ])
    allowed.add(odd)
  for (const script of [
    'ファイル',
    'файл',
    'αρχείο',
    'ملف',
    'קובץ',
    'फ़ाइल',
    '文件',
    '파일',
    'ไฟล์',
    '😀👩‍👩‍👧‍👦',
    'e\u0301',
    'é',
    '\u212b',
    'ﬁ',
    'ａ',
    '․․/a',
    '‥/a',
    '∕etc∕passwd',
    '⁄a',
    '＼a',
    '．．／a',
  ]) {
    allowed.add(script)
    allowed.add(`${script}/x`)
  }
  allowed.add('a'.repeat(255))
  allowed.add('ä'.repeat(127))
  allowed.add(Array.from({ length: 512 }, () => 'a').join('/'))
  for (const archive of ['bomb.zip', '42.zip', 'a.tar.gz', '../x.tar'.slice(3), 'quine.gz']) allowed.add(archive)
  for (let index = 0; allowed.size + refused.size < 510; index++) refused.add(`${'../'.repeat((index % 40) + 1)}file-${index}`)

  return [...[...refused].map((name) => ({ name, allowed: false })), ...[...allowed].map((name) => ({ name, allowed: true }))]
}
