//! Books as one writes them first: maps from prices to sizes and to lines of orders. No checks, no counts.

use std::collections::{BTreeMap, VecDeque};

use gbc_core::{Block, Column, DepthKind, NA, OrderAction};

use super::{Told, tell};

pub(super) fn by_price(blocks: &[Block]) -> Told {
    let mut sides: [BTreeMap<i64, i64>; 2] = Default::default();
    let mut told = [0; 2];
    for (block, row) in blocks.iter().flat_map(|block| (0..block.len()).map(move |row| (block, row))) {
        let value = |column| block.value(column, row);
        let (side, price, size) = (usize::from(value(Column::Side) != 1), value(Column::Px), value(Column::Sz));
        match DepthKind::of(value(Column::Kind)) {
            Some(DepthKind::Change | DepthKind::Snapshot) if size == 0 => _ = sides[side].remove(&price),
            Some(DepthKind::Change | DepthKind::Snapshot) => _ = sides[side].insert(price, size),
            Some(DepthKind::Clear) if value(Column::Side) == 0 => sides.iter_mut().for_each(BTreeMap::clear),
            Some(DepthKind::Clear) if price == NA => sides[side].clear(),
            Some(DepthKind::Clear) => sides[side].retain(|at, _| if side == 0 { *at < price } else { *at > price }),
            Some(DepthKind::Trade) | None => {}
        }
        tell(
            &mut told,
            [sides[0].last_key_value(), sides[1].first_key_value()].map(|best| best.map(|(price, _)| *price)),
        );
    }
    told
}

type Lines = BTreeMap<i64, VecDeque<(i64, i64)>>;

pub(super) fn by_order(blocks: &[Block]) -> Told {
    let mut sides: [Lines; 2] = Default::default();
    let mut places: BTreeMap<i64, (usize, i64)> = BTreeMap::new();
    let mut told = [0; 2];
    for (block, row) in blocks.iter().flat_map(|block| (0..block.len()).map(move |row| (block, row))) {
        let value = |column| block.value(column, row);
        let (id, price, size) = (value(Column::Order), value(Column::Px), value(Column::Sz));
        let side = usize::from(value(Column::Side) != 1);
        match OrderAction::of(value(Column::Kind)) {
            Some(OrderAction::Add) if value(Column::Side) != 0 => {
                sides[side].entry(price).or_default().push_back((id, size));
                places.insert(id, (side, price));
            }
            Some(OrderAction::Cancel | OrderAction::Remove) => cancel(&mut sides, &mut places, block, row),
            Some(OrderAction::Modify) => {
                let Some((side, at)) = places.get(&id).copied() else { continue };
                let line = sides[side].get_mut(&at).expect("an order rests in a level");
                let place = line.iter().position(|(other, _)| *other == id).expect("in its line");
                if at == price && size <= line[place].1 {
                    line[place].1 = size;
                } else {
                    leave(&mut sides[side], at, place);
                    sides[side].entry(price).or_default().push_back((id, size));
                    places.insert(id, (side, price));
                }
            }
            Some(OrderAction::Clear) => {
                sides.iter_mut().for_each(BTreeMap::clear);
                places.clear();
            }
            _ => {}
        }
        tell(
            &mut told,
            [sides[0].last_key_value(), sides[1].first_key_value()].map(|best| best.map(|(price, _)| *price)),
        );
    }
    told
}

fn cancel(sides: &mut [Lines; 2], places: &mut BTreeMap<i64, (usize, i64)>, block: &Block, row: usize) {
    let (id, size) = (block.value(Column::Order, row), block.value(Column::Sz, row));
    let Some((side, at)) = places.get(&id).copied() else { return };
    let line = sides[side].get_mut(&at).expect("an order rests in a level");
    let place = line.iter().position(|(other, _)| *other == id).expect("in its line");
    let whole = block.value(Column::Kind, row) == OrderAction::Remove as i64;
    line[place].1 -= size;
    if whole || line[place].1 <= 0 {
        leave(&mut sides[side], at, place);
        places.remove(&id);
    }
}

fn leave(side: &mut Lines, price: i64, place: usize) {
    let line = side.get_mut(&price).expect("an order rests in a level");
    line.remove(place);
    if line.is_empty() {
        side.remove(&price);
    }
}
