/** One port or a range, in numbers: `http` is `80`, `5:` is `5:65535`. Undefined: any port. */
export function port(word: string): string | undefined {
  const [first = '', last = first] = word.split(':')
  const range = [first === '' ? '0' : number(first), last === '' && word.includes(':') ? '65535' : number(last)]
  if (range[0] === '0' && range[1] === '65535') return undefined
  return range[0] === range[1] ? range[0]! : range.join(':')
}

/** A list of ports and ranges, whose order says nothing. */
export function portList(word: string): string {
  const ports = word.split(',').map((one) => port(one) ?? '0:65535')
  return ports.toSorted().join(',')
}

/** Where a translated packet goes: `10.0.0.1-10.0.0.9:5-6`; a range of one is its only end. */
export function destination(word: string): string {
  return word.replace(/([\d.]+)-\1(?![\d.])/g, '$1').toLowerCase()
}

function number(word: string): string {
  return /^\d+$/.test(word) ? String(Number(word)) : String(SERVICES[word.toLowerCase()] ?? word)
}

/** The names of services(5) that are common in rules; iptables itself prints numbers. */
const SERVICES: Readonly<Record<string, number>> = {
  'ftp-data': 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  www: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  imap2: 143,
  imap: 143,
  snmp: 161,
  'snmp-trap': 162,
  bgp: 179,
  ldap: 389,
  https: 443,
  submissions: 465,
  syslog: 514,
  submission: 587,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  socks: 1080,
  openvpn: 1194,
  'ms-sql-s': 1433,
  nfs: 2049,
  mysql: 3306,
  svn: 3690,
  sip: 5060,
  postgresql: 5432,
  amqp: 5672,
  'http-alt': 8080,
}
