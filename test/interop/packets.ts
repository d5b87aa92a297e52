/** Packets as BPF_PROG_TEST_RUN takes them: Ethernet frames, with checksums left zero. */

export interface PacketOptions {
  /** VLAN identifiers, outermost first. */
  readonly vlans?: readonly number[];
  readonly source?: readonly [number, number, number, number];
  /** 32-bit words of IPv4 options. */
  readonly options?: number;
  /** Fragment offset in units of 8 bytes. */
  readonly fragment?: number;
  readonly ports?: readonly [source: number, destination: number];
  readonly syn?: boolean;
  /** Bytes after the transport header. */
  readonly payload?: number;
  /** Bytes to cut from the end. */
  readonly cut?: number;
}

const MAC = [0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2];
const TCP = 6;
const UDP = 17;

/** An Ethernet frame of the given type around `body`. */
export function frame(etherType: number, body: Iterable<number>, options: PacketOptions): Buffer {
  const tags = (options.vlans ?? []).flatMap((id) => [...u16(0x8100), ...u16(id)]);
  const bytes = Buffer.from([...MAC, ...tags, ...u16(etherType), ...body]);
  return bytes.subarray(0, bytes.length - (options.cut ?? 0));
}

export function tcp4(options: PacketOptions = {}): Buffer {
  return frame(0x0800, ipv4(TCP, tcp(options), options), options);
}

export function udp4(options: PacketOptions = {}): Buffer {
  return frame(0x0800, ipv4(UDP, udp(options), options), options);
}

/** An IPv4 packet of any protocol, its body all zero. */
export function ip4(protocol: number, options: PacketOptions = {}): Buffer {
  return frame(0x0800, ipv4(protocol, zeros(options.payload ?? 8), options), options);
}

export function tcp6(options: PacketOptions = {}): Buffer {
  return frame(0x86dd, ipv6(TCP, tcp(options)), options);
}

export function udp6(options: PacketOptions = {}): Buffer {
  return frame(0x86dd, ipv6(UDP, udp(options)), options);
}

function ipv4(protocol: number, body: readonly number[], options: PacketOptions): number[] {
  const words = 5 + (options.options ?? 0);
  const start = [
    0x40 | words,
    0,
    ...u16(words * 4 + body.length),
    0,
    0,
    ...u16(options.fragment ?? 0),
  ];
  const addresses = [...(options.source ?? [10, 0, 0, 1]), 10, 0, 0, 2];
  return [...start, 64, protocol, 0, 0, ...addresses, ...zeros((words - 5) * 4), ...body];
}

function ipv6(protocol: number, body: readonly number[]): number[] {
  const address = (last: number): number[] => [0x20, 0x01, 0x0d, 0xb8, ...zeros(11), last];
  return [0x60, 0, 0, 0, ...u16(body.length), protocol, 64, ...address(1), ...address(2), ...body];
}

function tcp({ ports = [40000, 80], syn = false, payload = 0 }: PacketOptions): number[] {
  return [...ports.flatMap(u16), ...zeros(8), 0x50, syn ? 2 : 0x10, ...zeros(6 + payload)];
}

function udp({ ports = [40000, 53], payload = 0 }: PacketOptions): number[] {
  return [...ports.flatMap(u16), ...u16(8 + payload), 0, 0, ...zeros(payload)];
}

function u16(value: number): number[] {
  return [value >> 8, value & 0xff];
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}
