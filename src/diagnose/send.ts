import type { DiagnosisQuestion, Probe } from '../checks/check.ts'

/** Seconds: an answer in a lab takes a millisecond. */
const PATIENCE = '0.4'

/** Sends one packet of the kind in question; resolves to whether it was answered. Rejects with ProbeError. */
export async function sendOne(
  probe: Probe,
  { from, protocol, port, size }: DiagnosisQuestion,
  address: string,
): Promise<boolean> {
  if (protocol === 'icmp') {
    const how = size === undefined ? [] : ['-s', String(size), '-M', 'do']
    const { status } = await probe.run(from, ['ping', '-n', '-c', '1', '-W', PATIENCE, ...how, address])
    return status === 0
  }
  const connect = 'exec 3<>"/dev/tcp/$0/$1"'
  const command = ['timeout', PATIENCE, 'bash', '-c', connect, address, String(port)] as const
  const { status } = await probe.run(from, command)
  return status === 0
}
