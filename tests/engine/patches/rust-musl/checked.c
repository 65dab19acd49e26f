/* glibc's checked printing, by which LLVM's unwinder for glibc tells of its end, in terms of what musl has. */
#include <stdarg.h>
#include <stdio.h>

int __vfprintf_chk(FILE *file, int flag, const char *format, va_list values) {
    return vfprintf(file, format, values);
}

int __vsnprintf_chk(char *text, size_t length, int flag, size_t room, const char *format, va_list values) {
    return vsnprintf(text, length, format, values);
}
