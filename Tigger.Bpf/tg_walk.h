/* SPDX-License-Identifier: MIT */
/* Where a walk through the messages of one send is, and what it has found. */
#ifndef TIGGER_TG_WALK_H
#define TIGGER_TG_WALK_H

enum tg_walk_limit {
	TG_WINDOW = 32768, /* bytes walked at once; a multiple of the page size below
			      PG_FRAME_BPF_MAX_OFFSET */
	TG_TURNS = 64,	   /* windows and elements of one send: up to 17 elements, most of 32 KiB */
	TG_STEPS = 14336,  /* two events for each message of a window, and one more */
	TG_ELEMENTS = 18,
	TG_ERRORS = 4, /* in one send that the kernel counts */
};

/*
 * Where a walk is and what it has found. In the socket's storage, not on the stack: the verifier
 * follows every value of a stack through every turn of a loop. The kernel runs one program at a
 * time for a socket.
 */
struct tg_walk {
	struct pg_frame frame;
	__u32 offset;
	__u32 escape; /* reason why the send is not for the kernel, a TG_COUNT_ESCAPE_; 0: it is */
	__u32 pool_flags;
	__u32 is_server;
	__u32 copied; /* replies: the client's transactions are mirrored, and C# has to see errors
		       */
	__u32 owed;   /* requests: ReadyForQuery messages they ask for */
	__u32 open;   /* extended query messages since the last Sync, earlier sends included */
	__u32 head_extended; /* of those, before the last Sync */
	__u32 ready;	     /* replies: ReadyForQuery messages */
	__u32 idle_ready;    /* of those, outside a transaction */
	__u32 status;	     /* of the last */
	__u32 last_type;
	__u32 done;	/* bytes of the send walked */
	__u32 known;	/* bytes in the elements looked at */
	__u32 element;	/* the next one to look at */
	__u32 answered; /* replies: completions of extended query messages since the last
			   ReadyForQuery */
	__u32 errors;	/* replies: ErrorResponse messages */
	__u32 error_classes[TG_ERRORS]; /* of those */
	__u64 rows;   /* replies to a client that is copied: by the command tags */
	__u64 number; /* at the end of a tag, as far as read */
	struct tg_naming naming;
};

/* Socket storage. */
struct tg_socket {
	struct tg_end end;
	struct tg_walk walk;
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tg_socket);
} ends SEC(".maps");

/* The same of sockets in `remotes`, whose programs have no socket storage; by socket cookie. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 2 * (TG_CLIENTS + TG_SERVERS));
	__type(key, __u64);
	__type(value, struct tg_socket);
} remote_ends SEC(".maps");

struct tg_walker {
	struct sk_msg_md *msg;
	struct tg_walk *walk;
};

static __always_inline long tg_escape(struct tg_walk *walk, __u32 reason)
{
	walk->escape = reason;
	return 1;
}

#endif
