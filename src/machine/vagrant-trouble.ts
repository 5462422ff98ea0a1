import { MachineError } from './trouble.ts'
import type { VagrantEnd } from './vagrant.ts'

/** The systems that Node tells apart and that we know how to help on. */
export type System = 'linux' | 'darwin' | 'win32'

interface Cause {
  readonly code: string
  /** The name of Vagrant's error class, or its words. */
  readonly said: RegExp
  readonly cause: string
  readonly remedies: (system: System) => readonly string[]
}

const INSTALL: Readonly<Record<System, readonly string[]>> = {
  linux: [
    'Debian, Ubuntu: sudo apt-get install vagrant vagrant-libvirt libvirt-daemon-system qemu-system-x86 qemu-utils dnsmasq-base',
    'Fedora: sudo dnf install vagrant vagrant-libvirt @virtualization',
    'elsewhere: https://developer.hashicorp.com/vagrant/install and VirtualBox',
  ],
  darwin: [
    'brew install --cask vagrant',
    'Apple silicon: brew install qemu && vagrant plugin install vagrant-qemu, or Parallels or VMware Fusion with their plug-ins',
    'Intel: brew install --cask virtualbox',
  ],
  win32: ['winget install Hashicorp.Vagrant Oracle.VirtualBox, then open a new terminal'],
}

const SWITCH_ON: Readonly<Record<System, readonly string[]>> = {
  linux: [
    'switch it on in the firmware (BIOS, UEFI): VT-x, AMD-V or SVM; inside a virtual machine: nested virtualization on its host',
    'without it everything still works, slowly: LABRUN_VM_DRIVER=qemu labrun vm up',
  ],
  darwin: ['let the provider use the Hypervisor framework; inside a virtual machine there is none'],
  win32: [
    'switch it on in the firmware (BIOS, UEFI): VT-x, AMD-V or SVM',
    'where Hyper-V, WSL 2 or Device Guard hold it: update VirtualBox to 7, or VAGRANT_DEFAULT_PROVIDER=hyperv in an administrator terminal',
  ],
}

const CAUSES: readonly Cause[] = [
  {
    code: 'vagrant-missing',
    said: /\bENOENT\b.*vagrant|vagrant.*\bENOENT\b/,
    cause: 'Vagrant is not installed here',
    remedies: (system) => INSTALL[system],
  },
  {
    code: 'provider-missing',
    said: /NoDefaultProvider|ProviderNotUsable|ProviderNotFound|VirtualBoxNotDetected|VMwareNotFound|ParallelsNotDetected|VBoxManageNotFound/,
    cause: 'Vagrant finds nothing to run a virtual machine with: no provider is installed',
    remedies: (system) => INSTALL[system],
  },
  {
    code: 'libvirt-unreachable',
    said: /(?:connecting to|connect to) Libvirt|libvirt-sock|ErrorCreatingConnection|virConnectOpen/i,
    cause: 'libvirt does not answer',
    remedies: () => [
      'sudo systemctl enable --now libvirtd',
      'you must be in its group: sudo usermod -aG libvirt "$USER", then log in again',
    ],
  },
  {
    code: 'virtualization-off',
    said: /VT-x is (?:disabled|not available)|VERR_(?:VMX|SVM)_|AMD-V is (?:disabled|not available)|[Cc]ould not access KVM|\/dev\/kvm|does not support.*hvm.*kvm|HV_UNSUPPORTED|Hyper-V.*not.*enabled|VBoxManage.*E_FAIL.*[Vv]irtuali[sz]ation/,
    cause: 'virtualization is switched off on this machine, or something else holds it',
    remedies: (system) => SWITCH_ON[system],
  },
  {
    code: 'box-unreachable',
    said: /BoxMetadata|DownloaderError|BoxAddShortNotFound|BoxMetadataDownloadError|Could not resolve host|couldn't be (?:downloaded|retrieved)/i,
    cause: 'the box of the virtual machine could not be fetched',
    remedies: () => [
      'look at the connection to the internet, then run it again: what was fetched already is kept',
      'or build a box without downloading one: vagrant/box/build, then LABRUN_VM_BOX=FILE',
    ],
  },
  {
    code: 'vm-silent',
    said: /VMBootTimeout|Timed out while waiting for the machine to boot|NoIpFound|domain to get an IP|SSHDisconnected/i,
    cause: 'the virtual machine was started, but did not come up in time',
    remedies: () => [
      '`labrun vm halt`, then run it again',
      '`labrun vm destroy` begins with a new one; nothing of a lab is lost with it',
      'where the processor emulates (no KVM), it takes some minutes: LABRUN_VM_CPUS=1 may help',
    ],
  },
  {
    code: 'no-space',
    said: /No space left|ENOSPC|not enough (?:free )?space/i,
    cause: 'the disk is full',
    remedies: () => ['the box needs about 2 GB: make room, then run it again'],
  },
]

/** Why a call of Vagrant failed, and what to do on this system. */
export function explainVagrant(what: string, end: VagrantEnd, system: System = thisSystem()): MachineError {
  const all = [end.error, end.said].join('\n')
  const found = CAUSES.find((cause) => cause.said.test(all))
  const last = end.said === '' ? `status ${end.status ?? 'unknown'}` : end.said.split('\n').slice(0, 6).join('\n    ')
  if (found) return new MachineError(found.code, `${found.cause}\n  Vagrant says: ${last}`, found.remedies(system))
  return new MachineError('vagrant-failed', `${what} failed\n  Vagrant says: ${last}`, [
    'run it again: it goes on where it stopped',
    '`labrun vm destroy` begins with a new virtual machine; nothing of a lab is lost with it',
  ])
}

function thisSystem(): System {
  return process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux'
}
