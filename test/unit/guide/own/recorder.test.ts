import { describe, expect, it } from 'vitest'
import { Recorder } from '../../../../src/guide/own/recorder.ts'
import { readHistory } from '../../../../src/world/visit.ts'

const words = ['check', 'next', 'window']

function start(text: string, depth = 0) {
  return { kind: 'start' as const, status: 0, depth, typed: [text], waits: undefined }
}

function prompt(status = 0, depth = 0, typed: string[] = []) {
  return { kind: 'prompt' as const, status, depth, typed, waits: undefined }
}

describe('what was typed in a shell of one’s own', () => {
  it('is kept with its status and time, but not what was said to labrun', () => {
    const recorder = new Recorder(words)
    recorder.report(start('false'), 0)
    expect(recorder.isBusy).toBe(true)
    expect(recorder.report(prompt(1), 12)).toEqual([{ text: 'false', exit: 1, took: 12 }])
    for (const text of ['check', ' next ', 'labrun next', 'window client']) {
      recorder.report(start(text), 20)
      expect(recorder.report(prompt(), 21), text).toEqual([])
    }
    recorder.report(start('check && touch x'), 30)
    expect(recorder.report(prompt(), 31)).toHaveLength(1)
  })

  it('is kept without the word to labrun at its end, whose status says nothing about the rest', () => {
    const recorder = new Recorder(words)
    for (const [typed, text] of [
      ['false; next', 'false'],
      ['false && labrun check ;', 'false'],
      ['find -exec ls {} \\; next', 'find -exec ls {} \\; next'],
      ["echo 'a; next'", "echo 'a; next'"],
    ] as const) {
      recorder.report(start(typed), 0)
      const known = text === typed ? { exit: 0 } : {}
      expect(recorder.report(prompt(), 1), typed).toEqual([{ text, took: 1, ...known }])
    }
    recorder.keys(Buffer.from('\u0003'))
    recorder.report(start('sleep 9; next'), 0)
    recorder.keys(Buffer.from('\u0003'))
    expect(recorder.report(prompt(130), 1)).toEqual([{ text: 'sleep 9', took: 1, exit: null }])
  })

  it('is in the order in which it was begun, also in shells inside the shell', () => {
    const recorder = new Recorder(words)
    recorder.report(start('ip netns exec net1 bash'), 0)
    expect(recorder.report(prompt(0, 1), 5)).toEqual([{ text: 'ip netns exec net1 bash', took: 5 }])
    recorder.report(start('true', 1), 6)
    expect(recorder.report(prompt(0, 1), 7)).toEqual([{ text: 'true', exit: 0, took: 1 }])
    recorder.report(start('exit', 1), 8)
    expect(recorder.report(prompt(0, 0), 9)).toEqual([{ text: 'exit', took: 1 }])
  })

  it('has an exit for each shell that Ctrl-D has ended', () => {
    const recorder = new Recorder(words)
    recorder.report(start('bash'), 0)
    recorder.report(prompt(0, 1), 1)
    expect(recorder.report(prompt(0, 0), 2)).toEqual([{ text: 'exit', took: 0 }])
  })

  it('has no status after Ctrl-C and Ctrl-Z', () => {
    const recorder = new Recorder(words)
    recorder.keys(Buffer.from('\u0003'))
    recorder.report(start('ping 10.0.0.1'), 0)
    recorder.keys(Buffer.from('\u0003'))
    expect(recorder.report(prompt(0), 1)).toEqual([{ text: 'ping 10.0.0.1', exit: null, took: 1 }])
    recorder.report(start('cat'), 2)
    expect(recorder.report(prompt(148), 3)).toEqual([{ text: 'cat', exit: null, took: 1 }])
  })

  it('is known to have taken the whole screen, also when the sequence comes in pieces', () => {
    const recorder = new Recorder(words)
    recorder.report(start('vim x'), 0)
    recorder.screen(Buffer.from('text\u001b[?10'))
    recorder.screen(Buffer.from('49h'))
    expect(recorder.isFullScreen).toBe(true)
    recorder.screen(Buffer.from('\u001b[?1049l'))
    expect(recorder.isFullScreen).toBe(false)
    expect(recorder.report(prompt(), 1)).toEqual([{ text: 'vim x', exit: 0, took: 1, fullScreen: true }])
    recorder.report(start('ls'), 2)
    expect(recorder.report(prompt(), 3)).toEqual([{ text: 'ls', exit: 0, took: 1 }])
  })

  it('is known to have taken the whole screen also where it draws over what was there, as top does', () => {
    const recorder = new Recorder(words)
    recorder.report(start('top'), 0)
    recorder.screen(Buffer.from('\u001b[?1h\u001b=\u001b[?25l\u001b[H\u001b[2Jtop - '))
    expect(recorder.isFullScreen).toBe(false)
    recorder.screen(Buffer.from('\u001b[?1l\u001b>'))
    expect(recorder.report(prompt(), 1)).toEqual([{ text: 'top', exit: 0, took: 1, fullScreen: true }])
  })

  it('is known by the next prompt where nothing told of its beginning', () => {
    expect(new Recorder(words).report(prompt(2, 0, ['a', 'b']), 5)).toEqual([
      { text: 'a', took: 0 },
      { text: 'b', exit: 2, took: 0 },
    ])
  })
})

describe('the history of a shell', () => {
  it('is split by its numbers, whatever the lines look like', () => {
    expect(readHistory('    7  cat <<E\n  8  no\n    9  no\nE\n    8  ls\n', 7, 2)).toEqual([
      'cat <<E\n  8  no\n    9  no\nE',
      'ls',
    ])
    expect(readHistory('   12  for i in 1 2\ndo echo $i; done\n', 12, 1)).toEqual(['for i in 1 2\ndo echo $i; done'])
    expect(readHistory('    3* edited\n', 3, 1)).toEqual(['edited'])
    expect(readHistory('', 3, 1)).toEqual([])
  })
})
