/**
 * System calls that nothing in the box needs and much goes wrong by, with their numbers (asm/unistd_64.h, asm-generic/unistd.h).
 * Data: `filter.ts` makes the program of it.
 */
export type Architecture = 'x64' | 'arm64';

/** The name that the kernel has for an architecture (linux/audit.h), and where the numbers of a second set of calls begin on it. */
export const architectures: Record<Architecture, { audit: number; foreign: number | undefined }> = {
	x64: { audit: 0xc000003e, foreign: 0x40000000 },
	arm64: { audit: 0xc00000b7, foreign: undefined },
};

/** The number on x64, and on arm64; undefined where there is no such call. */
type Numbers = readonly [number, number | undefined];

/** Refused whatever their arguments (EPERM). */
export const refused: Record<string, Numbers> = {
	// Other processes.
	ptrace: [101, 117],
	process_vm_readv: [310, 270],
	process_vm_writev: [311, 271],
	process_madvise: [440, 440],
	pidfd_getfd: [438, 438],
	kcmp: [312, 272],
	// What is mounted where.
	mount: [165, 40],
	umount2: [166, 39],
	pivot_root: [155, 41],
	chroot: [161, 51],
	move_mount: [429, 429],
	open_tree: [428, 428],
	open_tree_attr: [467, 467],
	fsopen: [430, 430],
	fsconfig: [431, 431],
	fsmount: [432, 432],
	fspick: [433, 433],
	mount_setattr: [442, 442],
	name_to_handle_at: [303, 264],
	open_by_handle_at: [304, 265],
	fanotify_init: [300, 262],
	quotactl: [179, 60],
	quotactl_fd: [443, 443],
	// Other namespaces.
	setns: [308, 268],
	unshare: [272, 97],
	// Keys.
	add_key: [248, 217],
	request_key: [249, 218],
	keyctl: [250, 219],
	// Large and young parts of the kernel.
	bpf: [321, 280],
	perf_event_open: [298, 241],
	userfaultfd: [323, 282],
	io_uring_setup: [425, 425],
	io_uring_enter: [426, 426],
	io_uring_register: [427, 427],
	lookup_dcookie: [212, 18],
	// The machine itself.
	init_module: [175, 105],
	finit_module: [313, 273],
	delete_module: [176, 106],
	kexec_load: [246, 104],
	kexec_file_load: [320, 294],
	reboot: [169, 142],
	swapon: [167, 224],
	swapoff: [168, 225],
	acct: [163, 89],
	syslog: [103, 116],
	vhangup: [153, 58],
	iopl: [172, undefined],
	ioperm: [173, undefined],
};

/** Answered as if the kernel were older (ENOSYS): its arguments lie in memory, which a filter cannot read. libc then uses `clone`. */
export const unknown: Record<string, Numbers> = { clone3: [435, 435] };

/** Looked at by their arguments. */
export const judged = { clone: [56, 220], socket: [41, 198], ioctl: [16, 29] } as const satisfies Record<string, Numbers>;

/** The flag of `clone` that makes a user namespace. */
export const newUserNamespace = 0x10000000;
/**
 * Families that a socket may have: IPv4, IPv6, netlink (by which programs ask for the list of interfaces). No unix sockets: files
 * of that kind lead to programs outside, even where they can only be read. `socketpair` stays open.
 */
export const families = { inet: 2, netlink: 16, inet6: 10 } as const;
/** Requests that type into a terminal: TIOCSTI, TIOCLINUX. */
export const typing = { sti: 0x5412, linux: 0x541c } as const;

export const numberOn = (numbers: Numbers, architecture: Architecture): number | undefined => numbers[architecture === 'x64' ? 0 : 1];
