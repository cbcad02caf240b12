//! Just enough of thrift's compact form to walk over a value without believing it.

/// Values nested deeper are refused.
const MAX_DEPTH: u32 = 16;

/// Bytes still to be read.
pub(crate) struct Walk<'a>(pub &'a [u8]);

impl<'a> Walk<'a> {
    /// A text or any bytes.
    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.varint()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text)
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A signed number: even and odd are positive and negative.
    pub(crate) fn signed(&mut self) -> Option<i64> {
        let folded = self.varint()?;
        Some((folded >> 1) as i64 ^ -((folded & 1) as i64))
    }

    /// The length of a list.
    pub(crate) fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let length = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        Some((length, head & 15))
    }

    /// The next field of a struct, as its number and kind; `Some(None)` at the end of the struct.
    pub(crate) fn field(&mut self, last: &mut i64) -> Option<Option<(i64, u8)>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        *last = if head >> 4 == 0 { self.signed()? } else { last.checked_add(i64::from(head >> 4))? };
        Some(Some((*last, head & 15)))
    }

    /// Steps over one value.
    pub(crate) fn skip(&mut self, kind: u8, depth: u32) -> Option<()> {
        match kind {
            1 | 2 => Some(()),
            3 => self.take(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.take(8),
            8 => self.varint().and_then(|length| self.take(length)),
            9 | 10 => self.skip_list(depth),
            12 => self.skip_struct(depth),
            _ => None,
        }
    }

    fn skip_list(&mut self, depth: u32) -> Option<()> {
        let (length, kind) = self.list().filter(|_| depth < MAX_DEPTH)?;
        // Truth values take a byte of their own in a list.
        let kind = if kind <= 2 { 3 } else { kind };
        (0..length).try_for_each(|_| self.skip(kind, depth + 1))
    }

    fn skip_struct(&mut self, depth: u32) -> Option<()> {
        let mut last = 0;
        while let Some((_, kind)) = self.field(&mut last).filter(|_| depth < MAX_DEPTH)? {
            self.skip(kind, depth + 1)?;
        }
        Some(())
    }

    fn take(&mut self, length: u64) -> Option<()> {
        self.0 = self.0.get(usize::try_from(length).ok()?..)?;
        Some(())
    }
}
