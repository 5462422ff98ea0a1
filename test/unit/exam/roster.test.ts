import { describe, expect, it } from 'vitest'
import { parseDeadline } from '../../../src/exam/deadline.ts'
import { RosterError, readRoster } from '../../../src/exam/roster.ts'

const CLASS = [
  { id: '1', name: 'Müller, Eva', email: 'eva@example.org' },
  { id: '02', name: 'Bob "B" Brown', email: '' },
]

describe('a roster', () => {
  it.each([
    ['commas', 'id,name,email\n1,"Müller, Eva",eva@example.org\n02,"Bob ""B"" Brown",\n'],
    ['semicolons', 'id;name;email\r\n1;Müller, Eva;eva@example.org\r\n02;"Bob ""B"" Brown";\r\n'],
    ['tabs', 'id\tname\temail\n1\tMüller, Eva\teva@example.org\n02\t"Bob ""B"" Brown"\t'],
    [
      'a BOM, old line ends and blank lines',
      '\uFEFFID,Name,E-Mail,email\r1,"Müller, Eva",x,eva@example.org\r\r,,,\r02,"Bob ""B"" Brown",y,',
    ],
    ['blanks around', ' id , name , email \n 1 , "Müller, Eva" , eva@example.org \n02, "Bob ""B"" Brown", \n'],
  ])('with %s', (_, text) => {
    expect(readRoster(Buffer.from(text)).students).toMatchObject(CLASS)
  })

  it('in UTF-16, as spreadsheets write it', () => {
    const text = 'id\tname\n1\tMüller'
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
    expect(readRoster(bytes).students).toMatchObject([{ id: '1', name: 'Müller' }])
  })

  it('keeps all columns, and the order and the lines of the file', () => {
    const { columns, students } = readRoster(Buffer.from('Group,ID\nred,7\nblue,3\n'))
    expect(columns).toEqual(['Group', 'ID'])
    expect(students.map(({ id, fields, line }) => [id, fields.Group, line])).toEqual([
      ['7', 'red', 2],
      ['3', 'blue', 3],
    ])
  })

  it.each([
    ['', 1, 'the roster is empty'],
    ['id,name\n', 1, 'there is no student in the roster'],
    ['name\nEva\n', 1, 'there is no column `id`; there are: name'],
    ['id,ID\n1,2\n', 1, 'the column ID is there twice'],
    ['id,name\n1,Eva\n1,Bob\n', 3, 'the id 1 is there already, in line 2'],
    ['id,name\n,Eva\n', 2, 'this student has no id'],
    ['id,name\n1,Eva,x\n', 2, 'another number of columns'],
    ['id,name\n"1,Eva\n', 2, 'a quotation mark is never closed'],
    ['id,name\n"1\u0007",Eva\n', 2, 'a control character'],
  ])('%j is refused', (text, line, reason) => {
    const read = () => readRoster(Buffer.from(text))
    expect(read).toThrow(RosterError)
    expect(read).toThrow(reason)
    expect(lineOf(read)).toBe(line)
  })

  it('that is not in UTF-8 is refused', () => {
    expect(() => readRoster(Buffer.from('id,name\n1,M\xfcller', 'latin1'))).toThrow('save it as "CSV UTF-8"')
  })
})

function lineOf(act: () => unknown): number | undefined {
  try {
    act()
  } catch (error) {
    return (error as RosterError).line
  }
  return undefined
}

describe('a deadline', () => {
  it('of a day is the end of it', () => {
    expect(parseDeadline('2027-01-31')).toEqual(new Date(2027, 0, 31, 23, 59, 59, 999))
    expect(parseDeadline('2027-01-31T18:00')).toEqual(new Date(2027, 0, 31, 18, 0))
    expect(parseDeadline('2027-01-31T18:00:30+08:00')?.toISOString()).toBe('2027-01-31T10:00:30.000Z')
  })

  it.each(['', 'tomorrow', '2027-02-31', '2027-13-01', '2027-01-31T25:00', '31.1.2027'])('is not %j', (text) => {
    expect(parseDeadline(text)).toBeUndefined()
  })
})
