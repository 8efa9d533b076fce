/* SPDX-License-Identifier: MIT */
/* A connection as one of its ends sees it, which says whose it is: ports alone are reused. */
#ifndef TIGGER_TG_PAIR_H
#define TIGGER_TG_PAIR_H

enum tg_family {
	TG_AF_INET = 2,
	TG_AF_INET6 = 10,
};

/* An end of a connection as this host sees it. IPv4 addresses are written ::ffff:a.b.c.d. */
struct tg_pair {
	__u64 netns;	  /* SO_NETNS_COOKIE */
	__u32 local[4];	  /* network order */
	__u32 remote[4];  /* network order */
	__u16 local_port; /* host order */
	__u16 remote_port;
	__u32 padding;
};

#ifdef __bpf__

static __always_inline void tg_pair_of(struct bpf_sock_ops *ops, struct tg_pair *pair)
{
	pair->netns = bpf_get_netns_cookie(ops);
	pair->local_port = ops->local_port;
	pair->remote_port = bpf_ntohl(ops->remote_port);
	if (ops->family == TG_AF_INET) {
		/* The IPv6 fields are not reliable for an IPv4 socket, nor the reverse. */
		pair->local[2] = pair->remote[2] = bpf_htonl(0xffff);
		pair->local[3] = ops->local_ip4;
		pair->remote[3] = ops->remote_ip4;
		/* Or clang merges the loads of both branches into one through a context pointer
		 * that is no longer constant, which the verifier refuses. */
		barrier();
		return;
	}
	pair->local[0] = ops->local_ip6[0];
	pair->local[1] = ops->local_ip6[1];
	pair->local[2] = ops->local_ip6[2];
	pair->local[3] = ops->local_ip6[3];
	pair->remote[0] = ops->remote_ip6[0];
	pair->remote[1] = ops->remote_ip6[1];
	pair->remote[2] = ops->remote_ip6[2];
	pair->remote[3] = ops->remote_ip6[3];
}

#endif

#endif
