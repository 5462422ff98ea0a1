import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseLine, type VagrantEnd } from '../../../src/machine/vagrant.ts'
import { explainVagrant } from '../../../src/machine/vagrant-trouble.ts'
import { labrunWith } from '../../support/labrun.ts'

describe('a line of `vagrant --machine-readable`', () => {
  test('has a type and data, in which commas and line feeds are written otherwise', () => {
    expect(parseLine('1764000000,labrun,ui,info,one%!(VAGRANT_COMMA) two\\nthree')).toEqual({
      type: 'ui',
      data: ['info', 'one, two\nthree'],
    })
    expect(parseLine('1764000000,,state,running')).toEqual({ type: 'state', data: ['running'] })
  })

  test.each(['', 'What is this?', 'x,y,z', '1764000000'])('%j is none', (text) => {
    expect(parseLine(text)).toBeUndefined()
  })
})

describe('why Vagrant failed', () => {
  const failed = (said: string, error = ''): VagrantEnd => ({ status: 1, lines: [], error, said })

  // What Vagrant and its providers say, from their sources and from what was seen.
  test.each([
    ['provider-missing', failed('No usable default provider could be found', 'Vagrant::Errors::NoDefaultProvider')],
    ['provider-missing', failed('The provider is not usable', 'Vagrant::Errors::ProviderNotUsable')],
    [
      'libvirt-unreachable',
      failed("Call to virConnectOpen failed: Failed to connect socket to '/var/run/libvirt/libvirt-sock'"),
    ],
    ['virtualization-off', failed('VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)')],
    ['virtualization-off', failed('Could not access KVM kernel module: No such file or directory')],
    ['box-unreachable', failed("The box 'bento/debian-12' could not be found", 'Vagrant::Errors::BoxAddShortNotFound')],
    ['vm-silent', failed('Timed out while waiting for the machine to boot.', 'Vagrant::Errors::VMBootTimeout')],
    ['no-space', failed('tar: box.img: Wrote only 512 of 10240 bytes: No space left on device')],
    ['vagrant-failed', failed('Something that nobody has seen before')],
  ])('%s', (code, end) => {
    const error = explainVagrant('starting it', end, 'linux')
    expect(error.code).toBe(code)
    expect(error.message).toContain(`Vagrant says: ${end.said.split('\n')[0]}`)
    expect(error.remedies.length).toBeGreaterThan(0)
  })

  test('the remedy is that of the system', () => {
    const missing = {
      status: undefined,
      lines: [],
      error: '',
      said: 'Command failed with ENOENT: vagrant up\nspawn vagrant ENOENT',
    }
    const remedies = (system: 'linux' | 'darwin' | 'win32') =>
      explainVagrant('starting it', missing, system).remedies.join('\n')
    expect(remedies('linux')).toMatch(/apt-get install vagrant vagrant-libvirt/)
    expect(remedies('darwin')).toMatch(/brew install --cask vagrant[\s\S]*Apple silicon/)
    expect(remedies('win32')).toMatch(/winget install Hashicorp\.Vagrant/)
    const off = failed('AMD-V is disabled in the BIOS (VERR_SVM_DISABLED)')
    expect(explainVagrant('', off, 'win32').remedies.join()).toMatch(/firmware[\s\S]*Hyper-V/)
    expect(explainVagrant('', off, 'linux').remedies.join()).toContain('LABRUN_VM_DRIVER=qemu')
  })
})

describe('where there is no Vagrant, or one that fails', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vagrant-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('`labrun vm up` says that it is missing, and how to get it', async () => {
    const env = { PATH: folder, VAGRANT_DOTFILE_PATH: join(folder, 'dot') }
    const { status, stderr } = await labrunWith({ env }, 'vm', 'up')
    expect(status).toBe(2)
    expect(stderr).toMatch(/Vagrant is not installed here[\s\S]*→ /)
  })

  test('text of a program is shown without what could break the terminal', async () => {
    const program = join(folder, 'vagrant')
    writeFileSync(
      program,
      '#!/bin/sh\nprintf "1,,ui,error,bad\\033[2Jthing\\n1,,error-exit,Some::Error,bad\\033[2Jthing\\n"\nexit 1\n',
    )
    chmodSync(program, 0o755)
    const env = { PATH: `${folder}:${process.env.PATH}`, VAGRANT_DOTFILE_PATH: join(folder, 'dot') }
    const { status, stderr } = await labrunWith({ env }, 'vm', 'status')
    expect(status).toBe(2)
    expect(stderr).toContain('badthing')
    expect(stderr).not.toContain('\u001b')
  })
})

describe('vagrant/driver', () => {
  const driver = (value: string) =>
    spawnSync(fileURLToPath(new URL('../../../vagrant/driver', import.meta.url)), {
      encoding: 'utf8',
      env: { ...process.env, LABRUN_VM_DRIVER: value },
    })

  test('does as it is told', () => {
    expect(driver('kvm').stdout).toBe('kvm\n')
    expect(driver('qemu').stdout).toBe('qemu\n')
    expect(driver('xen')).toMatchObject({
      stdout: 'qemu\n',
      stderr: 'driver: LABRUN_VM_DRIVER is kvm or qemu, not xen\n',
    })
  })

  test('finds out by itself otherwise', () => {
    expect(driver('').stdout).toMatch(/^(kvm|qemu)\n$/)
  })
})
