/* SPDX-License-Identifier: MIT */
/*
 * What the data path's programs and the C# process share: the slots of clients, servers and pools,
 * and the contexts of the calls by which C# changes them. The C# twins are in
 * Tigger.Proxy/Kernel/Slots and Kernel/Calls; SlotLayoutTests compares the sizes and offsets.
 *
 * Who may change what: everything below is changed under the lock of the pool, by a program. C#
 * reads it through a mapping without any lock, so what it reads is a hint; what it decides on comes
 * from a call. The exceptions are marked "set by C#".
 */
#ifndef TIGGER_TG_STATE_H
#define TIGGER_TG_STATE_H

#include "tg_pair.h"

enum tg_limit {
	TG_CLIENTS = 16384, /* power of two */
	TG_SERVERS = 4096,  /* power of two */
	TG_POOLS = 256,	 /* power of two; pool 0 is none: connections that no session has claimed */
	TG_BLOCK = 1024, /* bytes of a request that can wait in the kernel */
	TG_NONE = 0,	 /* slot 0 of clients and servers is never used */
	TG_MIRRORS = 1024,		/* connections to mirrors; power of two */
	TG_COPY_MOST = 4096,		/* bytes of a send that can be copied for mirrors */
	TG_ERROR_CLASSES = 36 * 36 + 1, /* of SQLSTATE: two digits or letters; the last: others */
	TG_BUCKETS = 32,      /* of a histogram: bucket i counts times of 2^i to 2^(i+1) ns * 64 */
	TG_STATEMENTS = 1024, /* numbers of prepared statements in a pool; a multiple of 64 */
	TG_NAME = 64,	      /* bytes of a statement's name with its zero; a multiple of 8 */
	TG_NEEDS = 8,	      /* statements of one request; power of two */
};

enum tg_client_state {
	TG_CLIENT_FREE = 0,
	/* C# has it: the program passes everything up. */
	TG_CLIENT_USER = 1,
	/* The kernel has it, no server is linked. */
	TG_CLIENT_IDLE = 2,
	/* In the pool's queue, its request in a block. */
	TG_CLIENT_WAITING = 3,
	/* In the pool's queue, its request is with C#, or will be once C# has read it from the
	   block. */
	TG_CLIENT_USER_WAITING = 4,
	/* The kernel has it and the server in .server. */
	TG_CLIENT_LINKED = 5,
};

enum tg_server_state {
	TG_SERVER_FREE = 0,
	/* C# has it: the program passes everything up. */
	TG_SERVER_USER = 1,
	/* In the pool's idle list. */
	TG_SERVER_IDLE = 2,
	/* The kernel has it and the client in .client. */
	TG_SERVER_LINKED = 3,
	/* Released, and C# has to look at it before anybody gets it. */
	TG_SERVER_PARKED = 4,
};

enum tg_client_flag {
	/* TCP bytes may be on their way in either direction: look before the first redirection. */
	TG_UNCLEAN = 1 << 0,
	/* Its request was put in the server's queue, which no reply has proved yet: what follows
	   could overtake it. */
	TG_UNCONFIRMED = 1 << 1,
	/* Its request went to the server by TCP: what follows must go that way until it is
	 * answered.
	 */
	TG_BY_TCP = 1 << 2,
	/* The request in its block has to be sent by C#, which has not done so yet. */
	TG_TO_SEND = 1 << 3,
	/* Its own socket is in the socket map. */
	TG_PRESENT = 1 << 4,
	/* The socket has been closed by its owner. */
	TG_GONE = 1 << 5,
	/* A session of C# has it. */
	TG_CLAIMED = 1 << 6,
	/* C#'s end of the connection is in the socket map, too. */
	TG_SIDE = 1 << 7,
	/* The client is on another host; C#'s end of the connection is in the map of those. */
	TG_REMOTE = 1 << 8,
	/* .sent is what its connection must have been written up to. */
	TG_SENT = 1 << 9,
	/* Its connection took a part of a reply only, or the server's a part of a request, for want
	   of memory: it has to be closed. */
	TG_CUT = 1 << 10,
	/* .sent of its server, which is on another host, is valid. */
	TG_ASKED = 1 << 11,
	/* Its request, the only one of the link, is in its block, and nothing of the reply has
	 * gone.
	 */
	TG_KEPT = 1 << 12,
	/* What it sends is copied for mirrors. */
	TG_COPIED = 1 << 13,
	/* C# armed it with an answer in hand, and .due is valid. */
	TG_DUE = 1 << 14,
};

enum tg_server_flag {
	TG_SERVER_PRESENT = 1 << 0,
	TG_SERVER_GONE = 1 << 1,
	/* C# wants it at its next release; set by C# through a call. */
	TG_RECALL = 1 << 2,
	/* The last reply is being delivered, the release follows. */
	TG_FINISHING = 1 << 3,
	TG_SERVER_SIDE = 1 << 4,
	/* PostgreSQL is on another host; C#'s end of the connection is in the map of those. */
	TG_SERVER_REMOTE = 1 << 5,
};

enum tg_pool_flag {
	/* Set by C#. Nobody gets a server: PAUSE. */
	TG_PAUSED = 1 << 0,
	/* A server stays with its client: session pooling. */
	TG_SESSION = 1 << 1,
	/* The pool may open more servers: say so when a client begins to wait. */
	TG_CAN_GROW = 1 << 2,
	/* There is no server at all: clients go to C#, which knows what to tell them. */
	TG_TO_USER = 1 << 3,
	/* Servers change, so that a prepared statement has another name there than at its client.
	 */
	TG_RENAME = 1 << 4,
	/* disable_pqexec: C# refuses simple queries. */
	TG_NO_SIMPLE = 1 << 5,
	/* server_round_robin: idle servers first in, first out. */
	TG_ROUND_ROBIN = 1 << 6,
	/* dirty_server: C# sees what certainly changes the session of a server that clients share.
	 */
	TG_WATCH = 1 << 7,
	/* And what may. */
	TG_WATCH_DOUBTS = 1 << 8,
};

/* Where Tigger listens; an address of all zero stands for every address of the family. */
struct tg_listener {
	__u64 netns;
	__u32 address[4];
	__u16 port;
	__u16 family; /* 2 or 10, as in the listening socket */
	__u32 padding;
};

enum tg_end_kind {
	/* The client application's socket, and the backend's. */
	TG_END_CLIENT = 0,
	TG_END_SERVER = 1,
	/* C#'s own ends of the same connections. */
	TG_END_CLIENT_SIDE = 2,
	TG_END_SERVER_SIDE = 3,
	/* C#'s own end of the connection of a client, or of a server, on another host. */
	TG_END_CLIENT_REMOTE = 4,
	TG_END_SERVER_REMOTE = 5,
};

/* Socket storage: what socket this is. */
struct tg_end {
	__u32 slot;
	__u32 generation;
	__u32 kind; /* enum tg_end_kind */
	__u32 padding;
};

/* Different prepared statements, by number. */
struct tg_needs {
	__u32 count;
	__u16 numbers[TG_NEEDS];
};

struct tg_client {
	__u32 state;
	__u32 flags;
	__u32 generation;
	__u32 pool;
	__u32 server; /* linked, or taken with the client and not yet claimed by C# */
	__u32 owed;   /* ReadyForQuery messages expected */
	__u32 open;   /* extended query messages since the last Sync */
	/* Extended query messages of the batch that is the only one outstanding; 0: a simple query,
	 * or several batches. */
	__u32 head_extended;
	__u32 remaining; /* body bytes of its current message still to come */
	__u32 next;	 /* in the pool's queue */
	__u32 previous;
	__u32 block; /* of the waiting request, by number + 1; 0: none */
	__u32 request_length;
	__u32 request_owed;
	__u32 request_extended;
	__u32 base_written; /* the socket's sequence numbers when the connection began */
	__u32 base_copied;
	__u32 side_written; /* the same of C#'s end */
	__u32 side_copied;
	__u32 small;	/* short messages redirected to it since its queue was last seen empty */
	__u32 refused;	/* sends of C# to it that were taken away: it reads too slowly */
	__u32 sent;	/* remote: sequence number behind the last reply */
	__u32 answered; /* of .open, those that the server has completed */
	__u32 copied;	/* number of its last record in the ring buffer of copies */
	__u32 missed;	/* number of the last one for which there was no room */
	__u32 ended;	/* transactions that were copied to their end, or should have been */
	__u32 due;	/* sequence number of C#'s end behind that answer */
	struct tg_needs needs; /* of the request that waits, or of those not answered yet */
	__u64 profile;	       /* number of its tracked parameters; 0 agrees with none */
	__u64 sock;	       /* struct sock; stale once it is closed */
	__u64 side;	       /* that of C#'s end */
	__u64 query_start;     /* times of CLOCK_MONOTONIC, ns; 0: not in a query */
	__u64 transaction_start;
	__u64 waiting_since;
	__u64 requested_at;
	/* Copied: of this transaction, ns in which something was owed, rows by the command tags,
	 * and bytes of replies. */
	__u64 busy;
	__u64 rows;
	__u64 replied;
};

struct tg_server {
	__u32 state;
	__u32 flags;
	__u32 generation; /* set by C# while the slot is free */
	__u32 pool;	  /* set by C# while the slot is free */
	__u32 client;	  /* linked, or taken with the server and not yet claimed by C# */
	__u32 next;	  /* in the idle list */
	__u32 previous;
	__u32 status;	 /* of the last ReadyForQuery */
	__u32 last_type; /* of the last message it began */
	__u32 cancels;	 /* cancel requests on their way to this backend */
	__u32 uses;
	__u32 base_written;
	__u32 base_copied;
	__u32 side_written;
	struct pg_frame frame; /* position in the stream it sends */
	__u32 side_copied;
	__u32 refused; /* as in struct tg_client */
	__u32 sent;    /* remote: sequence number behind the last request */
	__u64 profile;
	__u64 sock;
	__u64 side;
	__u64 last_used; /* ns */
	/* Set by C#: the prepared statements it has, a bit each by number. */
	__u64 statements[TG_STATEMENTS / 64];
	/* Those used since C# last looked. */
	__u64 used[TG_STATEMENTS / 64];
};

struct tg_pool {
	__u32 flags; /* set by C#, but for nothing else in here */
	__u32 idle_first;
	__u32 idle_last;
	__u32 idle_count;
	__u32 waiting_first;
	__u32 waiting_last;
	__u32 waiting_count;
	__u32 budget;	   /* set by C#: most bytes a receiver may have unread, redirected */
	__u64 check_delay; /* set by C#: ns; a server unused for longer is tested first; 0: never */
	__u32 max_message; /* set by C#: largest length field of a client's message; 0: any */
	__u32 padding;
};

struct tg_slots {
	struct tg_pool pools[TG_POOLS];
	struct tg_server servers[TG_SERVERS];
	struct tg_client clients[TG_CLIENTS];
};

/* A client's name for a prepared statement, and what stands for it at the servers: a name of the
 * same length. Both are zero to the end. */
struct tg_name_key {
	__u32 slot;
	__u32 generation;
	char name[TG_NAME];
};

struct tg_name {
	__u32 number;
	char name[TG_NAME];
};

/* Per CPU and pool; C# adds up. Times in ns. */
struct tg_statistics {
	__u64 transactions;
	__u64 queries;
	__u64 received; /* bytes from clients */
	__u64 sent;	/* bytes to clients */
	__u64 transaction_time;
	__u64 query_time;
	__u64 wait_time;
	__u64 assignments; /* servers lent */
	__u64 binds;	   /* by a statement's name */
	__u64 transaction_times[TG_BUCKETS];
	__u64 query_times[TG_BUCKETS];
	__u64 wait_times[TG_BUCKETS];
};

/* Why something did not stay in the kernel, and other things worth counting. Names are in
 * KernelCounter.cs, in this order. */
enum tg_counter {
	TG_COUNT_CLIENT_ENTERED, /* sockets of clients entered */
	TG_COUNT_SERVER_ENTERED,
	TG_COUNT_ENTER_FAILED, /* the socket map refused one: another program has it, or the map is
				  full */
	TG_COUNT_NO_SLOT,
	TG_COUNT_REQUEST,	   /* sends of clients redirected */
	TG_COUNT_REPLY,		   /* sends of servers redirected */
	TG_COUNT_LINK,		   /* idle server taken by a client's send */
	TG_COUNT_RELEASE,	   /* server made idle by its own send */
	TG_COUNT_WAIT,		   /* requests that began to wait in a block */
	TG_COUNT_GRANT,		   /* waiting requests injected by a server's send */
	TG_COUNT_PARK,		   /* servers released to C# */
	TG_COUNT_HANDED_ON,	   /* waiting requests sent by C# */
	TG_COUNT_ESCAPE_TERMINATE, /* from here on: sends passed up, by reason */
	TG_COUNT_ESCAPE_MESSAGE,   /* a type the kernel leaves to C#: COPY, unknown */
	TG_COUNT_ESCAPE_NAMED,
	TG_COUNT_ESCAPE_SPLIT,	    /* a header cut by the end of a send */
	TG_COUNT_ESCAPE_INCOMPLETE, /* no idle server and not a complete request */
	TG_COUNT_ESCAPE_TOO_LONG,   /* no idle server and too long for a block */
	TG_COUNT_ESCAPE_NO_BLOCK,
	TG_COUNT_ESCAPE_UNCLEAN,
	TG_COUNT_ESCAPE_PIPELINED,	/* sent on before the request was known to have arrived */
	TG_COUNT_ESCAPE_PROFILE,	/* idle servers, but none with the client's parameters */
	TG_COUNT_ESCAPE_STALE,		/* the idle server has to be tested first */
	TG_COUNT_ESCAPE_NO_SERVER,	/* the pool has none */
	TG_COUNT_ESCAPE_GONE,		/* the receiver's socket is closed */
	TG_COUNT_ESCAPE_BUDGET_REQUEST, /* the server reads too slowly */
	TG_COUNT_ESCAPE_BUDGET_REPLY,	/* the client reads too slowly */
	TG_COUNT_ESCAPE_REPLY, /* a message of the server that C# has to see: ParameterStatus, COPY
				  IN, the end of all prepared statements */
	TG_COUNT_ESCAPE_SLOW,  /* the connection to the client is full, or closing */
	TG_COUNT_ESCAPE_STATE, /* a SET, or the reply to a command that changes the session */
	TG_COUNT_ESCAPE_STATEMENT, /* the server lacks a prepared statement, or there are too many
				      in a request to tell */
	TG_COUNT_ESCAPE_MIRROR,	   /* too long to be copied for mirrors, or not a whole request */
	TG_COUNT_REMOTE_REQUEST,   /* requests of clients on other hosts, redirected */
	TG_COUNT_CUT_SHORT,	   /* a connection to another host took a part of a message only */
	TG_COUNT_BIND,		   /* sends of clients redirected that name a statement */
	TG_COUNT_SIDE_REQUEST,	   /* sends passed up without TCP */
	TG_COUNT_SIDE_REPLY,
	TG_COUNT_SIDE_DOWN,    /* sends of C# delivered without TCP */
	TG_COUNT_SIDE_REFUSED, /* of these, refused for now: the receiver reads too slowly */
	TG_COUNT_UNASKED,      /* an idle server spoke */
	TG_COUNT_RESUMED_SEND, /* the kernel took only part of a send and ran the program again */
	TG_COUNT_NO_MEMORY,    /* a helper that needs memory failed */
	TG_COUNT_FRAME_FAILED, /* a message could not be walked */
	TG_COUNT_EVENT_LOST,   /* the ring buffer was full */
	TG_COUNT_COPY_MISSED,  /* copies for mirrors for which their ring buffer had no room */
	TG_COUNTERS,
};

enum tg_event_kind {
	/* Take the server in .slot and hand it on. */
	TG_EVENT_PARKED = 1,
	/* A client waits in the pool in .slot, which may open another server. */
	TG_EVENT_WAITING = 2,
	/* The link of the client in .slot is with C#, though nothing was passed up that would tell.
	 */
	TG_EVENT_TAKEN = 3,
	/* Send the waiting request of the client in .slot to its server. */
	TG_EVENT_TO_SEND = 4,
};

struct tg_event {
	__u32 kind;
	__u32 slot;
	__u32 generation;
	__u32 padding;
};

enum tg_copy_kind {
	/* Nothing: C# does what was to be copied. */
	TG_COPY_NOTHING = 0,
	/* Whole messages that a client has sent follow. */
	TG_COPY_REQUEST = 1,
	/* PostgreSQL has answered everything and is in no transaction. */
	TG_COPY_END = 2,
	/* The transaction cannot be copied as a whole. */
	TG_COPY_LOST = 3,
	/* A mirror has answered everything it was sent, or C# has to read what it answers. */
	TG_COPY_ANSWERED = 4,
};

/* A record of the ring buffer of copies. */
struct tg_copy {
	__u32 kind; /* enum tg_copy_kind */
	__u32 slot; /* the client's; TG_COPY_ANSWERED: the mirror's */
	__u32 generation;
	__u32 sequence; /* one more with each record of a client */
	__u32 ended;	/* the client's transactions that had ended */
	__u32 length;	/* bytes of .data that mean something */
	__u64 time;	/* CLOCK_MONOTONIC, ns: this happened */
	/* End, else 0: see struct tg_client. */
	__u64 busy;
	__u64 rows;
	__u64 replied;
	__u32 server; /* end: the server's slot */
	__u32 server_generation;
	__u8 data[];
};

/*
 * A connection to a mirror. C# writes everything between two transactions, while nothing is on its
 * way; then the program does.
 */
struct tg_mirror {
	__u32 watched;	/* 0: C# reads what arrives; the program may give that up, too */
	__u32 expected; /* ReadyForQuery messages */
	__u32 ready;	/* of those, that have come */
	__u32 status;	/* of the last */
	__u32 failed;	/* an ErrorResponse has come */
	__u32 broken;	/* what came could not be walked, and is C#'s to read */
	__u8 code[8];	/* SQLSTATE of the first ErrorResponse, as far as known */
	__u64 time;	/* CLOCK_MONOTONIC, ns: the last expected ReadyForQuery */
	struct pg_frame frame;
	__u32 padding2;
};

struct tg_mirrors {
	struct tg_mirror mirrors[TG_MIRRORS];
};

/* How the ring buffer of copies is read. */
struct tg_copying {
	__u32 asleep; /* set by C#, cleared by the program that wakes it */
	__u32 padding;
};

/* What a call came to. */
enum tg_result {
	TG_DONE = 0,
	/* The slot is another's by now, or in no state for this. */
	TG_STALE = 1,
	/* A delivery is under way: ask again in a moment. */
	TG_RETRY = 2,
	/* claim: no such connection was seen. client_free and others: nothing there. */
	TG_MISSING = 3,
	/* hand_on: bytes are on their way between C# and the backend. */
	TG_DIRTY = 4,
	/* wait: the client is in the queue now. hand_on: there are clients in it. */
	TG_QUEUED = 5,
	/* hand_on: on the idle list. */
	TG_IDLE = 6,
	/* hand_on: linked in the kernel to .client, whose request (its block) C# has to send. */
	TG_GRANTED = 7,
	/* hand_on: .client is out of the queue and gets the server from C#. */
	TG_GRANTED_USER = 8,
};

/* Contexts of the calls (BPF_PROG_TYPE_SYSCALL); the result stands in .result. */

/* tigger_prepare: fills the lists of free slots and blocks, once. */
struct tg_prepare_call {
	__u32 clients;
	__u32 blocks;
	__u32 result;
	__u32 padding;
};

/* tigger_claim: the session of an accepted connection takes the slot of its client's socket;
 * without a pair, any slot. */
struct tg_claim_call {
	struct tg_pair pair;
	__u32 use_pair;
	__u32 pool;
	__u32 result;
	__u32 slot;	  /* out */
	__u32 generation; /* out */
	__u32 padding;
};

/* Calls on a client: tigger_arm, tigger_take, tigger_wait, tigger_stop_waiting, tigger_begin_send,
 * tigger_unclaim. */
struct tg_client_call {
	__u32 slot;
	__u32 generation;
	__u32 result;
	/* arm: 0, or the server that stays linked. wait: out, the server lent. take: out, the
	 * server taken with the client. */
	__u32 server;
	__u32 server_generation; /* out */
	__u32 first;		 /* wait: at the head of the queue */
	__u32 remote;  /* arm: 1: its connection is in the map of remote ones; 2: and in the socket
			  map */
	__u64 profile; /* arm, wait */
	/* take, out: as the client and its server were. The server's frame and status stay in its
	 * slot. arm: TG_COPIED or 0. */
	__u32 state;
	__u32 flags;
	__u32 block;
	__u32 answer; /* arm: bytes that C# is going to send to the client now, by TCP */
};

/* Calls on a server: tigger_hand_on, tigger_take_server, tigger_recall, tigger_cancel_begin/_end,
 * tigger_forget. */
struct tg_server_call {
	__u32 slot;
	__u32 generation;
	__u32 result;
	__u32 client;		 /* out; cancel_begin: the client that must have the server */
	__u32 client_generation; /* out */
	__u32 state;		 /* take_server: 0 or the state it must have; out: as it was */
	__u64 profile;		 /* hand_on; 0: only C# can use this server */
	__u32 remote;		 /* hand_on: our end of it is in the map of remote ones */
	__u32 only_idle;	 /* hand_on: not to a client, which comes to TG_QUEUED */
};

#endif
