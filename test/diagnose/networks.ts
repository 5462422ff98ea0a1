/** Two namespaces with a cable between them. */
export const CABLE = `ip netns add net1; ip netns add net2
ip link add veth1 netns net1 type veth peer name veth2 netns net2
ip -n net1 addr add 10.0.0.1/24 dev veth1; ip -n net2 addr add 10.0.0.2/24 dev veth2
ip -n net1 link set veth1 up; ip -n net2 link set veth2 up`

/** Three containers at a bridge, which is the host's leg and their gateway. */
export const BRIDGE = `ip link add br0 type bridge; ip addr add 10.1.0.254/24 dev br0; ip link set br0 up
for n in 1 2 3; do
  ip netns add c$n; ip link add v$n master br0 type veth peer name eth0 netns c$n; ip link set v$n up
  ip -n c$n link set lo up; ip -n c$n addr add 10.1.0.$n/24 dev eth0; ip -n c$n link set eth0 up
  ip -n c$n route add default via 10.1.0.254
done`

/** Two networks with a router between them. */
export const ROUTER = `for name in left router right; do ip netns add $name; done
ip link add eth0 netns left type veth peer name west netns router
ip link add eth0 netns right type veth peer name east netns router
ip -n left addr add 10.0.1.1/24 dev eth0; ip -n router addr add 10.0.1.254/24 dev west
ip -n right addr add 10.0.2.1/24 dev eth0; ip -n router addr add 10.0.2.254/24 dev east
for name in left right; do ip -n $name link set eth0 up; done
ip -n router link set west up; ip -n router link set east up
ip -n left route add default via 10.0.1.254; ip -n right route add default via 10.0.2.254
ip netns exec router sysctl -qw net.ipv4.ip_forward=1`

/** In a \`lan\` world: the bridge of a container engine with a published port, as Docker makes it. */
export const DOCKER = `ip link add docker0 type bridge; ip addr add 172.17.0.1/16 dev docker0; ip link set docker0 up
for n in 2 3; do
  ip netns add c$n; ip link add v$n master docker0 type veth peer name eth0 netns c$n; ip link set v$n up
  ip -n c$n link set lo up; ip -n c$n addr add 172.17.0.$n/16 dev eth0; ip -n c$n link set eth0 up
  ip -n c$n route add default via 172.17.0.1
done
sysctl -qw net.ipv4.ip_forward=1
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
iptables -t nat -A PREROUTING -p tcp --dport 8000 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.17.0.2:80`

/** Starts a server of TCP in a namespace, and waits for it. */
export function serve(place: string, port: number, address = '0.0.0.0'): string {
  const start = `python3 -m http.server --bind ${address} --directory /etc ${port} >/dev/null 2>&1 &`
  return `ip netns exec ${place} ${start}
until ip netns exec ${place} ss -Hltn | grep -q ':${port} '; do sleep 0.05; done`
}
