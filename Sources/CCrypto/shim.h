// The digest's own functions, which OpenSSL 3 calls old: the new ones look up providers and their
// properties first, five million instructions for the hash of a manifest.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
