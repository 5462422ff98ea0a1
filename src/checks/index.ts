import { addr } from './addr.ts'
import { bridge } from './bridge.ts'
import { capture } from './capture.ts'
import type { AnyCheck } from './check.ts'
import { conntrack } from './conntrack.ts'
import { ebtables } from './ebtables.ts'
import { http } from './http.ts'
import { iptables } from './iptables.ts'
import { link } from './link.ts'
import { listen } from './listen.ts'
import { mirror } from './mirror.ts'
import { neigh } from './neigh.ts'
import { netns } from './netns.ts'
import { path } from './path.ts'
import { ping } from './ping.ts'
import { route } from './route.ts'
import { run } from './run.ts'
import { sysctl } from './sysctl.ts'
import { tcp } from './tcp.ts'
import { trace } from './trace.ts'

/** All kinds of checks, by name. */
export const checks: ReadonlyMap<string, AnyCheck> = new Map<string, AnyCheck>(
  [
    ping,
    netns,
    link,
    addr,
    route,
    bridge,
    neigh,
    sysctl,
    tcp,
    http,
    listen,
    trace,
    iptables,
    ebtables,
    conntrack,
    capture,
    path,
    mirror,
    run,
  ].map((check) => [check.kind, check]),
)
