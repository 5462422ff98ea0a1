const FIRST =
  'Ada Grace Radia Vint Leslie Barbara Donald Frances Ken Margaret Alan Hedy Tim Sophie Linus Zoë José Øystein Łucja Ngọc'
const LAST =
  'Lovelace Hopper Perlman Cerf Lamport Liskov Knuth Allen Thompson Hamilton Turing Lamarr Berners-Lee Wilson Müller O’Neill Åberg Šimek Nguyễn 李'

/** A student's name; names repeat after four hundred. A hostile one is what a person may have chosen as name online. */
export function nameOf(index: number, hostile: boolean): string {
  const [first, last] = [FIRST.split(' '), LAST.split(' ')]
  const name = `${first[index % first.length]} ${last[(index + Math.floor(index / first.length)) % last.length]}`
  return hostile ? `=HYPERLINK("http://example.org","${name}")<script>alert(1)</script>` : name
}
